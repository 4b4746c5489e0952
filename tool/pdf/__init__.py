"""PDF printing with Chromium in the place of wkhtmltopdf."""
