# Finds a JDK for ./hone, ./do and ./mvnw, which source this file. Everything it says goes to standard error.
# shellcheck shell=sh

HONE_JDK_MINIMUM=25

say() { printf '[hone] %s\n' "$*" >&2; }

# The major version of the JDK at $1, read from its release file so that no JVM has to start; nothing when it is none.
jdk_version() {
    [ -x "$1/bin/java" ] && [ -x "$1/bin/javac" ] && [ -r "$1/release" ] || return 0
    sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$1/release"
}

jdk_serves() {
    jdk_found_version=$(jdk_version "$1")
    [ -n "$jdk_found_version" ] && [ "$jdk_found_version" -ge "$HONE_JDK_MINIMUM" ]
}

# The file behind the symbolic links of $1 (readlink -f is missing on older macOS).
resolve_links() {
    resolved=$1
    while [ -L "$resolved" ]; do
        link=$(readlink "$resolved")
        case $link in
            /*) resolved=$link ;;
            *) resolved=$(dirname "$resolved")/$link ;;
        esac
    done
    printf '%s\n' "$resolved"
}

jdk_on_path() {
    command -v java > /dev/null 2>&1 || return 0
    dirname "$(dirname "$(resolve_links "$(command -v java)")")"
}

# Sets and exports JAVA_HOME, or explains what is missing and exits with 1.
require_jdk() {
    if [ -n "${JAVA_HOME:-}" ] && jdk_serves "$JAVA_HOME"; then
        export JAVA_HOME
        return 0
    fi
    for jdk in "$(jdk_on_path)" /usr/lib/jvm/* /Library/Java/JavaVirtualMachines/*/Contents/Home \
        "${HOME:-}"/Library/Java/JavaVirtualMachines/*/Contents/Home /opt/homebrew/opt/openjdk*/libexec/openjdk.jdk/Contents/Home \
        /usr/local/opt/openjdk*/libexec/openjdk.jdk/Contents/Home /opt/* /opt/*/* /usr/java/* \
        "${SDKMAN_DIR:-${HOME:-}/.sdkman}"/candidates/java/* "${HOME:-}"/.jdks/* "${HOME:-}"/.local/share/mise/installs/java/*; do
        if [ -n "$jdk" ] && jdk_serves "$jdk"; then
            JAVA_HOME=$jdk
            export JAVA_HOME
            return 0
        fi
    done
    say "no JDK $HONE_JDK_MINIMUM or newer found: looked at JAVA_HOME (${JAVA_HOME:-not set}), the java on the PATH," \
        "/usr/lib/jvm, /Library/Java/JavaVirtualMachines, /opt, ~/.sdkman and ~/.jdks."
    say "Install one (for example Temurin $HONE_JDK_MINIMUM from https://adoptium.net) and, if it lies elsewhere," \
        "set JAVA_HOME to its folder."
    exit 1
}
