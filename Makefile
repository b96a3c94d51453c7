# The commands of this project; what takes more than a line is in scripts/.

.PHONY: run build test check bench chaos hostile terraform-test fuzz image image-test packages packages-test clean

run: ## install what is missing, build, and serve on http://127.0.0.1:4580
	@scripts/setup.sh run
	@$(MAKE) --no-print-directory build
	@exec bin/aikagi serve --data-dir .aikagi

build: ## leave bin/aikagi with the console in it, and the engine module beside it
	@scripts/web.sh build
	@go build -o bin/aikagi ./cmd/aikagi
	@bin/aikagi module build >/dev/null || echo 'bin/aikagi is built, but not the engine module' >&2

test: ## install what the tests need and run them all, with every engine there is
	@scripts/setup.sh test
	@scripts/test.sh

check: ## format, vet, golangci-lint, tests with -race, govulncheck
	@scripts/setup.sh test
	@scripts/check.sh

bench: ## measure; results go to bench/results/
	@scripts/setup.sh test
	@scripts/web.sh build
	@go run ./bench

chaos: ## put groups through faults under load; verdicts go to integration/chaos/results/
	@scripts/setup.sh test
	@go run ./integration/chaos

hostile: ## attack groups at random, on both engines (AIKAGI_HOSTILE, for each way, default 30s; AIKAGI_SEED)
	@scripts/setup.sh test
	@AIKAGI_HOSTILE=$${AIKAGI_HOSTILE:-30s} go test ./integration ./internal/engine/module -run 'Hostile|RestoreIsChecked' -count=1 -timeout 2h -v

terraform-test: ## change each argument of a cache, one at a time, and users, by Terraform (with its AWS provider, if on this machine) and by the AWS CLI
	@AIKAGI_ARGUMENTS=1 go test ./integration -run "EachArgumentByTerraform|StackByAWSCLI|UsersByTerraform" -count=1 -timeout 1h -v

fuzz: ## run every fuzz target for a moment (FUZZTIME, default 10s)
	@scripts/fuzz.sh $(FUZZTIME)

image: ## make an OCI image for amd64 and arm64 in dist/, without a daemon
	@scripts/setup.sh image
	@scripts/web.sh build
	@cd deploy && go run ./image

image-test: image ## run that image under runc, on both engines; needs root
	@scripts/setup.sh image-test
	@cd deploy && AIKAGI_DIST=../dist go test ./image ./debian -count=1 -timeout 30m -v

packages: ## make deb and rpm packages for amd64 and arm64 in dist/
	@scripts/setup.sh image
	@scripts/web.sh build
	@cd deploy && go run ./packages

packages-test: packages ## install, upgrade, remove and purge the deb in a clean root; compare the rpm; needs root
	@scripts/setup.sh packages-test
	@cd deploy && AIKAGI_DIST=../dist go test ./packages ./program -count=1 -timeout 30m -v

clean: ## remove what was built; data in .aikagi stays
	@rm -rf bin dist .tools web/node_modules web/dist/assets web/dist/index.html
