-- For whom alone a tool is allowed: people by their ids and groups by their names, one a line. Without any it is for everybody.
ALTER TABLE tool_allowed ADD COLUMN audience TEXT;
