"""Charts (diagram) of comparisons and studies."""
