"""The Step Functions API as plain functions over a store and a conductor; no HTTP.

`asltool.service.service.Service.call` answers a request; `operations/` has one function for each operation;
`single_state/` is TestState, which `asltool.test_state` uses without a store.
"""
