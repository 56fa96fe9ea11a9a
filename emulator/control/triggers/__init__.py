"""Events made to happen: recipes, how one is changed, and how it is carried out."""
