"""Pages for people: plain HTML that works without JavaScript and loads nothing from elsewhere."""
