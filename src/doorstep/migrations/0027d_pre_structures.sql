-- Which building on the plot a file shows, and which of them a build is of.
ALTER TABLE uploads ADD COLUMN structure text NOT NULL DEFAULT 'house';
ALTER TABLE photos ADD COLUMN structure text NOT NULL DEFAULT 'house';
ALTER TABLE builds ADD COLUMN structure text NOT NULL DEFAULT 'house';
