"""Where the rows are: Parquet and CSV files on disk or S3."""
