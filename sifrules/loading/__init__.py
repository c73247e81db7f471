"""From files to policies: TOML, guidelines, what-ifs, applications. May import policy and below."""
