"""The stepper's page, part by part; `viz.step` puts a flow graph into it.

The tape becomes data, with its rules as JavaScript (recording), the flow graph what the page is told
(page_data), formulas outlines (glyphs, fonts) and the scene SVG (row, drawing); page makes one
HTML file of them with page.html, page.css and the scripts.
"""
