"""The window itself and the program around it: start, menus, places, status line, crashes."""
