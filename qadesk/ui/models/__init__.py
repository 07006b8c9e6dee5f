"""The page of models, its dialogs and its actions."""
