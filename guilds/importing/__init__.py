"""Files in: layouts, rows, plan (a dry run), apply, undo. Call `guilds.importing.apply.run` and `.undo.undo`."""
