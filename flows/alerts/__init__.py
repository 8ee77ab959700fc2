"""Who is alerted of what: rules on the health of a home, at most one alert a cause and hour."""
