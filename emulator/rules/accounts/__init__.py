"""The rules of connected accounts: pure functions over the tables in `schemas/accounts/`.

`countries`     what a country brings: currency, phone prefix, schedule, bank account format
`availability`  who may do what where, in two rule sets
`types`         types and controllers, who may set and read what
`capabilities`  names, countries, dependencies
`facts`         what is known about an account; `flatten` makes it from parameters
`needs`         which fields the tables ask of whom
`checks`        what the outside world says about what was given, and when
`validations`   values that are taken but held against the account
`arrays`        the arrays of a requirements hash
`requirements`  all of it together: arrays, statuses, what is enabled
`banks`         bank accounts: format, names, outcomes
`persons`       persons: fields, relationships, dates of birth
`profiles`      what is filled in: descriptors, names, schedules, terms of service
`samples`       what a holder may answer in test mode
`specs`         country_specs from the same tables
"""
