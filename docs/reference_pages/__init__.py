"""The reference pages, one module each; ``page()`` gives a page's whole text.

A page depends on the public packages, never on another page.
"""
