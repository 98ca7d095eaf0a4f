"""The languages inside strings: JSONPath, intrinsic functions, JSONata, payload templates, Choice rules.

Text and data in, value out. Every language is compiled once, into an `Evaluate`; nothing here knows states.
"""
