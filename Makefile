# Everything a contributor or CI does has a target here; CI calls nothing else.
SWIFT ?= swift
PREFIX ?= /usr/local
ARGS ?= list
CONFIGURATION ?= debug
AILAB = .build/$(CONFIGURATION)/ailab

.PHONY: build release test check fmt corpus faults lab install uninstall clean deps bench-lab bench-engine bench-tui bench-load bench-top

build: deps
	$(SWIFT) build -c $(CONFIGURATION)

# One file to copy to another machine: only libc is linked dynamically, and libcurl is loaded by the first request that needs it. Each
# library that is not linked is one less to load at every start. A library whose archive is not installed stays a dynamic one; a folder that
# holds nothing else goes before the system's. Swift's own flags keep every function for a debugger's or a plug-in's eyes: without that
# the linker drops what nobody calls.
STATIC = .build/static
LIBRARIES = yaml ncursesw tinfo stdc++ gcc_eh
release: deps
	rm -rf $(STATIC)
	mkdir -p $(STATIC)
	for name in $(LIBRARIES); do archive=$$($(CC) -print-file-name=lib$$name.a); if [ -e "$$archive" ]; then ln -s "$$archive" $(STATIC)/; fi; done
	$(SWIFT) build -c release --product ailab --static-swift-stdlib -Xlinker -s -Xlinker --no-export-dynamic -Xlinker -L$(STATIC) \
		$$(for name in tinfo gcc_eh; do if [ -e $(STATIC)/lib$$name.a ]; then echo -Xlinker -l$$name; fi; done)

# Formatter, import directions, lab files.
check: build
	$(SWIFT) format lint --strict --recursive Package.swift Sources Tests
	scripts/check-rooms.sh
	$(AILAB) lab check labs/lab5.yaml

fmt:
	$(SWIFT) format format --in-place --recursive Package.swift Sources Tests

# How well the diagnosis names the causes of labelled outputs, and what it takes for what.
CORPUS ?= ../shared/corpus/failures-dev.jsonl
corpus: build
	$(AILAB) __corpus $(CORPUS)

# Tries every fault of the fault matrix and writes docs/faults.md. Needs root, and AILAB_TEST_ENGINE with the lab's serving image.
faults: build
	$(SWIFT) build --build-tests
	UPDATE_FAULTS=1 $(SWIFT) test --skip-build --no-parallel --filter FaultMatrix

# Installs what is missing, starts an engine of its own and runs every test on it.
test: deps
	scripts/test.sh

# Carries the lab out: make lab ARGS="step all --auto"
lab: release
	scripts/lab.sh .build/release/ailab $(ARGS)

install: release
	install -D -m 755 .build/release/ailab $(DESTDIR)$(PREFIX)/bin/ailab
	mkdir -p $(DESTDIR)$(PREFIX)/share/ailab
	cp -R labs $(DESTDIR)$(PREFIX)/share/ailab/
	.build/release/ailab --generate-completion-script bash | install -D -m 644 /dev/stdin $(DESTDIR)$(PREFIX)/share/bash-completion/completions/ailab
	.build/release/ailab --generate-completion-script zsh | install -D -m 644 /dev/stdin $(DESTDIR)$(PREFIX)/share/zsh/site-functions/_ailab
	.build/release/ailab --generate-completion-script fish | install -D -m 644 /dev/stdin $(DESTDIR)$(PREFIX)/share/fish/vendor_completions.d/ailab.fish

uninstall:
	rm -rf $(DESTDIR)$(PREFIX)/bin/ailab $(DESTDIR)$(PREFIX)/share/ailab \
		$(DESTDIR)$(PREFIX)/share/bash-completion/completions/ailab \
		$(DESTDIR)$(PREFIX)/share/zsh/site-functions/_ailab $(DESTDIR)$(PREFIX)/share/fish/vendor_completions.d/ailab.fish

clean:
	rm -rf .build .build-*

deps:
	@scripts/install-deps.sh

# The whole lab by ailab, and typed as plain docker and curl commands, in one go.
bench-lab: release
	bench/lab.sh

# Uploads and logs beside docker's own client.
bench-engine: release
	bench/engine.sh

# The walkthrough on its terminal: start, rest, flood, keys, memory.
bench-tui: release
	bench/tui.sh

# The load generator beside others, against a server whose delays are known.
bench-load: release
	bench/load.sh

# What measuring costs.
bench-top: release
	bench/top.sh
