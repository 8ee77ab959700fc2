SELECT schema_name || '.' || table_name AS name, estimated_size AS rows, column_count AS columns, comment AS tells
FROM duckdb_tables()
WHERE schema_name IN ('metrics', 'facts') AND table_name != 'publication'
UNION ALL
SELECT schema_name || '.' || view_name, NULL, column_count, comment
FROM duckdb_views()
WHERE schema_name = 'metrics'
ORDER BY name
