-- Who ran the tool (cibench/SUBMITTING.md). Every run from before there were others is ours.
ALTER TABLE run ADD COLUMN badge TEXT NOT NULL DEFAULT 're-run by us' CHECK (badge IN ('self-reported', 're-run by us'));
