"""The slides: decks in Markdown whose code, traces and figures come from the analyser."""
