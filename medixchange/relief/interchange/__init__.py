"""Tables that people send, and tables we send: CSV, TSV and XLSX with HXL hashtags.

Pure: files go in, reports come out; nothing here knows the database.
"""
