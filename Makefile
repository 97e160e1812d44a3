# SPDX-License-Identifier: MIT
#
# What a person types. How the guest works: Documentation/vm.md. Kbuild reads the file Kbuild, not this one.

BUILD ?= build
KDIR ?= /lib/modules/$(shell uname -r)/build
HOST_TREE := $(BUILD)/host/kbuild

# The scripts take these from the environment.
export ACCEL ADD ALL BUILD C CLOCK KEEP KERNEL KSRC MIRROR QUICK REPLAY SEED SHARD SMP T TIMEOUT V W

.PHONY: help
help:
	@printf '%s\n' \
	'In a virtual machine, with nothing but this tree:' \
	'  make demo              run the pipeline camera -> GPU -> display; results in build/demo' \
	'  make check             run the tests; results in build/check' \
	'  make check-debug       the same, and KUnit, on a kernel built to find errors (KASAN, lockdep,' \
	'                         kmemleak, DMA debugging; slow); results in build/debug/check' \
	'  make check-stable      the same on Debian stable'"'"'s kernel; results in build/stable/check' \
	'  make coverage          run the tests and tell which lines of the modules they reach; results in build/coverage' \
	'                         and Documentation/coverage.md (slow)' \
	'  make fuzz              feed the modules made-up calls, guided by what these reach; results in build/coverage/fuzz' \
	'  make check-sleep       the same for tests that put the virtual machine to sleep' \
	'  make check-examples    run the examples of how to use all this in a CI of your own; results in build/examples' \
	'  make check-newcomer    do what the pages tell newcomers, on an empty Debian 12 and 13; results in build/newcomer' \
	'  make check-kernel-tree build the drivers with the source of a kernel (Debian testing'"'"'s, or KSRC=DIRECTORY) and run' \
	'                         their KUnit suites there; results in build/kernel-tree' \
	'  make lint              static checks of the whole tree; what they find as FILE:LINE, status 1 when that is anything' \
	'  make matrix            try who can share buffers with whom; results in build/matrix and Documentation/interop.md' \
	'  make bench             measure what ours cost, beside others; results in build/bench and Documentation/benchmark.md' \
	'                         (vm/bench --help; CLOCK=host: the GPU'"'"'s operations, without the virtual machine)' \
	'  make shell             a shell in the virtual machine, with the modules at hand' \
	'  vm/run -- COMMAND      one command in the virtual machine (vm/run --help)' \
	'' \
	'Steps of these, each by itself:' \
	'  make host-setup        install QEMU and what else is missing on this machine' \
	'  make image             build the image of the virtual machine (once, about 2 minutes)' \
	'  make guest-build       build modules, userspace and tests for the virtual machine' \
	'  make userspace         of these, userspace only' \
	'  make modules-newest    of these, the modules, for the newest kernel that Debian has; fails on any warning' \
	'  make unit-tests        test the pure logic of the modules, in seconds and without the virtual machine' \
	'' \
	'On this machine, for its own kernel:' \
	'  make modules           build simbuf.ko, primesim.ko, camsim.ko' \
	'  make tools             build the programs and libprimepipe' \
	'  make install           install all of that (as root), with headers, manual pages, completion and udev rules' \
	'  make install-tools     of this, all but the modules' \
	'  make deb               build Debian packages, primesim-dkms and primesim-tools, in build/deb' \
	'  make check-deb         try these in the virtual machine: install, load, run, upgrade, remove' \
	'  make kernel-tree       put the drivers into the source of a kernel, KSRC=DIRECTORY, to be built with it' \
	'' \
	'Documentation:' \
	'  make docs              HTML of README.md and Documentation/, in build/docs/html; checks links and the code shown' \
	'' \
	'  make clean             remove build/' \
	'  make distclean-cache   remove all images of the virtual machine from the cache' \
	'' \
	'Variables:' \
	'  T=PATTERN     check, check-debug, lint, bench: only tests, checks, or groups of rows, whose name matches' \
	'  SHARD=I/N     check, check-debug: part number I of N parts that take about the same time' \
	'  QUICK=1       check, check-debug: the tests that find most in their time' \
	'  ALL=1         check: also tests that take long: of upstream IGT, and each size of the camera' \
	'                docs: also follow links to other sites' \
	'  TIMEOUT=SECS  check, check-debug, demo, matrix: time the virtual machine may take (3600, 7200, 600, 600)' \
	'                bench: time for each of its three boots (1800)' \
	'  CLOCK=NAME    bench: what time is: counted (instructions; default), wall (real time), host (real, on this machine)' \
	'  KEEP=1        bench: make this the result to compare with' \
	'  BUILD=DIR     build directory (build)' \
	'  ACCEL=tcg|kvm how QEMU runs the machine (default: KVM where it works)' \
	'  KERNEL=NAME   kernel of the virtual machine: testing (default), stable, newest, debug or coverage' \
	'  ADD=1         coverage: add to what earlier runs reached' \
	'  SECONDS=N     fuzz: how long (60); SEED=N: what decides which inputs come' \
	'  REPLAY=FILE   fuzz: run the inputs of that file and nothing else' \
	'  PACKAGES=LIST more Debian packages in the virtual machine; an image each' \
	'  MIRROR=URL    Debian mirror for the images (default: the one this machine uses)' \
	'  KDIR=DIR      modules, install: headers of the kernel to build for' \
	'  PREFIX=DIR    install: where programs and what belongs to them go (/usr/local)' \
	'  DESTDIR=DIR   install: put before all paths' \
	'  V=1 W=1 C=1   show commands; more warnings; run sparse'

.PHONY: check check-examples check-kernel-tree check-sleep demo docs matrix
check check-examples check-kernel-tree check-sleep demo docs matrix:
	@vm/$@

.PHONY: check-newcomer
check-newcomer:
	@vm/newcomer

# Objects for another kernel are no use to this one: a build directory each.
.PHONY: check-debug check-stable
check-debug check-stable: check-%:
	@KERNEL=$* BUILD=$(BUILD)/$* vm/check

.PHONY: lint
lint:
	@vm/lint

# One kernel for both, with sanitizers of its own: a crash that fuzzing finds is seen at once.
.PHONY: coverage fuzz
coverage:
	@BUILD=$(BUILD)/coverage vm/coverage
fuzz:
	@KERNEL=coverage BUILD=$(BUILD)/coverage LAB_FUZZ_SECONDS=$(or $(SECONDS),$(LAB_FUZZ_SECONDS)) vm/fuzz

.PHONY: bench
bench:
	@vm/bench

.PHONY: host-setup image
host-setup:
	@vm/host-setup
image: host-setup
	@vm/image

.PHONY: guest-build userspace unit-tests
guest-build: image
	@vm/build
unit-tests: image
	@vm/build unit-tests
userspace: image
	@vm/build userspace

# W=e: what is a warning elsewhere is an error here.
.PHONY: modules-newest
modules-newest: host-setup
	@KERNEL=newest vm/image
	@KERNEL=newest BUILD=$(BUILD)/newest W=1e vm/build modules

.PHONY: shell
shell: guest-build
	@vm/run --shell

# W=1 C=1 V=1 reach the kernel's make through MAKEFLAGS.
.PHONY: modules tools install install-modules install-tools
modules:
	@vm/link-sources $(HOST_TREE)
	$(MAKE) -C $(KDIR) M=$(abspath $(HOST_TREE)) modules
tools:
	$(MAKE) -C userspace O=$(abspath $(BUILD))/host/userspace
install: install-modules install-tools
install-modules:
	$(MAKE) -C $(KDIR) M=$(abspath $(HOST_TREE)) $(if $(DESTDIR),INSTALL_MOD_PATH=$(abspath $(DESTDIR))) modules_install
install-tools:
	$(MAKE) -C userspace O=$(abspath $(BUILD))/host/userspace $(if $(DESTDIR),DESTDIR=$(abspath $(DESTDIR))) install

# The script says what is wrong with KSRC.
.PHONY: kernel-tree
kernel-tree:
	@vm/kernel-tree $(KSRC)

.PHONY: deb check-deb
deb check-deb:
	@vm/$@

.PHONY: clean distclean-cache
clean:
	rm -rf $(addprefix $(BUILD)/,bench check check-deb coverage deb debug demo docs examples guest host kernel-tree lint matrix newcomer newest run sleep stable)
	[ ! -d $(BUILD) ] || rmdir --ignore-fail-on-non-empty $(BUILD)
distclean-cache:
	vm/image --remove-all
