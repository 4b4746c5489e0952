# Every target calls `python3 -m tool COMMAND`; see tool/ and README.md.
# Variables: PYTHON, PORT, DEMO=0, DB, FOLDER, PROFILE, ARGS, ODOO_SOURCE, ODOO_HOME, ODOO_LANGS, PGHOST...
PYTHON ?= python3
TOOL := @exec $(PYTHON) -m tool

.DEFAULT_GOAL := help
.PHONY: help bootstrap run import test unit test-deps lint bench screenshots i18n stop clean

help:  ## list the targets
	@grep -hE '^[a-z0-9-]+: +##' $(MAKEFILE_LIST) | sed -E 's/: +## +/\t/' \
		| awk -F'\t' '{printf "  make %-12s %s\n", $$1, $$2}'

bootstrap:  ## only make the environment and get Odoo
	$(TOOL) bootstrap $(ARGS)

run:  ## start the CRM with its demo company (PORT=8070, DEMO=0 for an empty company)
	$(TOOL) run

import:  ## load a CRM export (FOLDER=../export PROFILE=file.yaml ARGS=--dry-run)
	$(TOOL) import $(ARGS)

test:  ## run every test (ARGS="-k pipeline" for some)
	$(TOOL) test $(ARGS)

unit:  ## test the pure Python parts, without a database
	$(TOOL) unit $(ARGS)

test-deps:  ## run the own tests of the pinned OCA addons (FORCE=1 to repeat)
	$(TOOL) test-deps $(ARGS)

lint:  ## check format, style and translations
	$(TOOL) lint

bench:  ## run the benchmarks
	$(TOOL) bench $(ARGS)

screenshots:  ## take the screenshots of the documentation again
	$(TOOL) screenshots $(ARGS)

i18n:  ## write the translation templates and update the translations
	$(TOOL) i18n $(ARGS)

stop:  ## stop whatever this checkout left running
	$(TOOL) stop

clean:  ## delete the environment and the databases of this checkout
	$(TOOL) clean
