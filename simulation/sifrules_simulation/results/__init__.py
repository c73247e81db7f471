"""What a folder of results holds (resultat): summed up, as tables, and in SQL."""
