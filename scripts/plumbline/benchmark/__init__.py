"""What the models cost, against the cheapest thing one could do with the same rows: copy them."""
