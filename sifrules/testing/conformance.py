from __future__ import annotations


class PolicyConformance:
    pass
