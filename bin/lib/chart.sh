# shellcheck shell=bash
# Sees to the tools that judge the chart in conf/kubernetes. To be sourced.

helm_module=helm.sh/helm/v3/cmd/helm@v3.22.0
kubernetes_schemas=kubernetes-validate==1.37.0
chart_tools=${XDG_CACHE_HOME:-$HOME/.cache}/pushserver-chart-tools

# build_helm LOG: from its sources, which takes some minutes the first time.
build_helm() {
  command -v go >/dev/null && GOBIN=$chart_tools/bin go install "$helm_module" >"$1" 2>&1
}

# install_schemas LOG: those of Kubernetes, in a Python package with a place of its own.
install_schemas() {
  { python3 -m venv "$chart_tools/python" && "$chart_tools/python/bin/pip" install -q "$kubernetes_schemas" &&
    ln -sf ../python/bin/kubernetes-validate "$chart_tools/bin/"; } >"$1" 2>&1
}

# offer_chart_tools BUILD: puts them on the path. With BUILD true what is not here is made; else it says what is left out.
offer_chart_tools() {
  local build=$1
  PATH+=:$chart_tools/bin
  if $build; then
    mkdir -p "$chart_tools/bin" target
    command -v helm >/dev/null || echo "Building Helm for the test of the chart, which takes some minutes ..."
    command -v helm >/dev/null || build_helm target/helm.log || true
    command -v kubernetes-validate >/dev/null || install_schemas target/kubernetes-validate.log || true
  fi
  if ! command -v helm >/dev/null; then
    echo "Not here: helm ($($build && echo "it takes Go to build it" || echo "bin/check --long builds it")). The test of the chart is left out."
  elif ! command -v kubernetes-validate >/dev/null; then
    echo "Not here: kubernetes-validate. The chart is not held against Kubernetes' own schemas."
  fi
}
