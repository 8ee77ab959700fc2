"""Pages to read: written from the published database alone, so that readers can ask for each number on them.

A page module asks its questions and chooses figures and sentences; a chart is rows in, chart out; words come from the
catalogues; `write` decides what changed. Nothing here knows the collectors or the build.
"""
