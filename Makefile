# Every task of a contributor or of CI is a target here. CI's tests call only these targets.
SWIFT ?= swift
PREFIX ?= /usr/local
ARGS ?= list
CONFIGURATION ?= debug
AILAB = .build/$(CONFIGURATION)/ailab
AILAB_DEV = .build/$(CONFIGURATION)/ailab-dev

.PHONY: help build release release-dev test test-quick compat drain check fmt corpus faults torture sanitize lab install install-files dist dist-again shell hooks uninstall clean deps static bench-lab bench-engine bench-tui bench-torrent bench-load bench-top bench-grade screens demo

# What can be made.
help:
	@awk '/^$$/{note = ""} /^# /{note = note " " substr($$0, 3)} /^[a-z][a-z -]*:($$|[^=])/{split($$0, names, ":"); sub(/^ /, "", note); \
		sub(/[.:] .*/, ".", note); printf "%-22s %s\n", names[1], note; note = ""}' Makefile

# A debug build: .build/debug/ailab.
build: deps
	$(SWIFT) build -c $(CONFIGURATION)

# STATIC and the linker's options make one file that you can copy to another machine: only libc is linked dynamically, and the first request loads libcurl. Every library
# that is linked dynamically costs time at each start. STATIC is a folder of links to the static archives, which the linker searches before
# the system's folders. A library without an installed archive stays dynamic. By default, Swift exports every function to the dynamic symbol
# table; --no-export-dynamic lets the linker drop those that nothing calls. Without --disable-local-rpath, each start would look for libc in
# a dozen folders beside the program.
STATIC = .build/static
LIBRARIES = yaml ncursesw tinfo png16 jpeg z stdc++ gcc_eh
# Links to the static archives.
static:
	rm -rf $(STATIC)
	mkdir -p $(STATIC)
	for name in $(LIBRARIES); do archive=$$($(CC) -print-file-name=lib$$name.a); if [ -e "$$archive" ]; then ln -s "$$archive" $(STATIC)/; fi; done

# The program, or with -dev the tools of the benchmarks: one file that you can copy to another machine.
PRODUCT.release = ailab
PRODUCT.release-dev = ailab-dev
release release-dev: deps static
	$(SWIFT) build -c release --product $(PRODUCT.$@) --static-swift-stdlib --disable-local-rpath -Xlinker -s -Xlinker --no-export-dynamic -Xlinker -L$(STATIC) \
		$$(for name in tinfo gcc_eh; do if [ -e $(STATIC)/lib$$name.a ]; then echo -Xlinker -l$$name; fi; done)

# Formatter, import rules, pictures, lab file.
check: build
	$(SWIFT) format lint --strict --recursive Package.swift Sources Tests
	scripts/check-rooms.sh
	scripts/check-pictures.sh
	$(AILAB) lab check labs/lab5.yaml
	$(AILAB) lab check labs/lab6.yaml

# Applies the formatter.
fmt:
	$(SWIFT) format format --in-place --recursive Package.swift Sources Tests

# Measures how well the diagnosis names the causes of labeled outputs, and which causes it confuses.
CORPUS ?= ../shared/corpus/failures-dev.jsonl
corpus: build
	$(AILAB_DEV) corpus $(CORPUS)

# Tests every fault of the fault matrix and writes docs/faults.md. Needs root, and AILAB_TEST_ENGINE with the lab's serving image.
faults: build
	$(SWIFT) build --build-tests
	UPDATE_FAULTS=1 $(SWIFT) test --skip-build --no-parallel --filter FaultMatrix

# Breaks things at random, before a release: damaged inputs, an engine that lies, a proxy that damages a real engine's responses, and kill -9
# of runner and engine. Needs root, and AILAB_TEST_ENGINE. SEED=… repeats one trial. FUZZ multiplies the number of damaged inputs: 100 takes
# about ten minutes. CHAOS and KILLS are numbers of trials. `make test` makes few of each.
TORTURE = FuzzTests|PictureFuzzTests|ChaosTests|ChaosProxyTests|KilledTests|Hostile|TarHostileTests|OutsideLinkTests|PathBelowTests|OtherUsersTests
torture: build
	$(SWIFT) build --build-tests
	AILAB_SEED=$(or $(SEED),random) AILAB_CHAOS=$(or $(CHAOS),$(if $(SEED),1,1000)) AILAB_KILLS=$(or $(KILLS),$(if $(SEED),1,50)) AILAB_FUZZ=$(or $(FUZZ),1) \
		$(SWIFT) test --skip-build --no-parallel --filter '$(TORTURE)'

# The tests of the engine's rooms and of the screens that need neither engine nor root, under a sanitizer: SANITIZER=thread or address. Its build takes ten minutes, and the tests three
# times as long as usual. A report of the sanitizer ends it with an error.
sanitize: deps
	$(SWIFT) build --build-tests --sanitize $(or $(SANITIZER),thread) --scratch-path .build-$(or $(SANITIZER),thread)
	AILAB_TEST_WITHOUT="engine root time" TSAN_OPTIONS=exitcode=66 ASAN_OPTIONS=detect_leaks=0 \
		.build-$(or $(SANITIZER),thread)/debug/ailabPackageTests.xctest --testing-library swift-testing --no-parallel --filter '$(or $(FILTER),LabEngineTests|LabTUITests)'

# Tries the program on engines of other versions and writes docs/engines.md. Needs root. ENGINES="docker-sid podman-trixie" tries only some.
compat: release
	scripts/compat.sh $(ENGINES)

# Counts the requests that a cluster of two machines loses while its replicas are replaced. Needs root, and an engine (DOCKER_HOST) and a workspace
# (AILAB_HOME) for the lab's image and archive, which are made there if they are missing.
drain: build
	Tests/Compat/drain.sh $(AILAB)

# Installs what is missing, starts a private engine and runs every test on it.
test: deps
	scripts/test.sh

# Runs the tests that need neither an engine nor root, as an ordinary user.
test-quick: deps
	scripts/test.sh --quick

# Draws the pictures of the README in docs/pictures/, and every golden screen as SVG below .build/screens, for a person to look at.
SCREENS = $(CURDIR)/.build/screens
screens: deps
	$(SWIFT) build --build-tests
	rm -rf $(SCREENS)
	UPDATE_GOLDEN=1 $(SWIFT) test --skip-build --no-parallel --filter 'PicturesTests|thePageAsAPicture' || true
	$(SWIFT) test --skip-build --no-parallel --filter 'PicturesTests|thePageAsAPicture'
	AILAB_SCREENS=$(SCREENS) $(SWIFT) test --skip-build --no-parallel --filter 'GoldenTests|DoctorBoxTests'
	@echo "$$(ls $(SCREENS) | wc -l) screens in $(SCREENS)"

# Records the demo anew, on the engine that DOCKER_HOST names. Nothing else may run on the machine meanwhile.
demo: release release-dev
	scripts/record-demo.sh

# Runs the lab: make lab ARGS="step all --auto"
lab: release
	scripts/lab.sh .build/release/ailab $(ARGS)

# Builds the release and installs it below PREFIX.
install: release install-files

# What `install` and `dist` copy.
install-files:
	install -D -m 755 .build/release/ailab $(DESTDIR)$(PREFIX)/bin/ailab
	mkdir -p $(DESTDIR)$(PREFIX)/share/ailab
	rm -rf $(DESTDIR)$(PREFIX)/share/ailab/labs
	cp -R labs $(DESTDIR)$(PREFIX)/share/ailab/
	.build/release/ailab --generate-completion-script bash | install -D -m 644 /dev/stdin $(DESTDIR)$(PREFIX)/share/bash-completion/completions/ailab
	.build/release/ailab --generate-completion-script zsh | install -D -m 644 /dev/stdin $(DESTDIR)$(PREFIX)/share/zsh/site-functions/_ailab
	.build/release/ailab --generate-completion-script fish | install -D -m 644 /dev/stdin $(DESTDIR)$(PREFIX)/share/fish/vendor_completions.d/ailab.fish

# Takes it away again.
uninstall:
	rm -rf $(DESTDIR)$(PREFIX)/bin/ailab $(DESTDIR)$(PREFIX)/share/ailab \
		$(DESTDIR)$(PREFIX)/share/bash-completion/completions/ailab \
		$(DESTDIR)$(PREFIX)/share/zsh/site-functions/_ailab $(DESTDIR)$(PREFIX)/share/fish/vendor_completions.d/ailab.fish

# Removes what was built.
clean:
	rm -rf .build .build-* dist

# Makes the tarball, the Debian package, the list of what is inside, and their check sums, in dist/. ARCH names another architecture than this machine's.
dist:
	scripts/dist.sh --check $(ARCH)
	$(MAKE) release
	scripts/dist.sh

# Builds the committed sources once more in another folder and compares what comes out with dist/, byte by byte.
dist-again:
	scripts/dist-again.sh

# A shell in a container that has everything: the tool chain, the libraries, and what the tests and `make dist` use. Needs Docker or Podman.
shell:
	scripts/shell.sh

# Lets git check and apply the formatter before each commit.
hooks:
	git config core.hooksPath scripts/hooks

# Installs the libraries that a build needs.
deps:
	@scripts/install-deps.sh

# Compares the whole lab with ailab and with plain docker and curl commands.
bench-lab: release release-dev
	bench/lab.sh

# Compares uploads and logs with Docker's own client.
bench-engine: release release-dev
	bench/engine.sh

# Measures the walkthrough on its terminal: start, idle, flood, keys, memory.
bench-tui: release
	bench/tui.sh

# Measures a run whose container prints as fast as it can.
bench-torrent: release
	bench/torrent.sh

# Compares the load generator with others, against a server with known delays.
bench-load: release
	bench/load.sh

# Measures the cost of measuring.
bench-top: release
	bench/top.sh

# Measures how long 500 reports take.
bench-grade: release
	bench/grade.sh
