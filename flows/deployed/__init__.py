"""The only room that imports Prefect."""
