-- What the picture check noticed without refusing the picture: `blurred`, `dark`, `bright`.
ALTER TABLE photos ADD COLUMN hints text[] NOT NULL DEFAULT '{}';
