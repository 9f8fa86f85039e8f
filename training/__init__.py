"""How the bundled encoder is made: from the packaged teacher and a folder of data, with nothing fetched."""
