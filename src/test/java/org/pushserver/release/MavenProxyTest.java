// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.release;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the commands that build tell Maven of the proxy in the environment. */
class MavenProxyTest {
  private static final String ASK =
      "set -euo pipefail; source bin/lib/setup.sh; find_way_to_maven_central;"
          + " echo \"${maven_options[*]}\"";

  @TempDir private Path directory;
  private final Map<String, String> environment = new HashMap<>();

  @BeforeEach
  void prepare() throws Exception {
    Path lib = Files.createDirectories(directory.resolve("bin/lib"));
    for (String name : new String[] {"java.sh", "setup.sh"}) {
      Files.copy(Path.of("bin", "lib", name), lib.resolve(name));
    }
    for (String name : new String[] {"https_proxy", "HTTPS_PROXY", "no_proxy", "NO_PROXY"}) {
      environment.put(name, "");
    }
    environment.put("HOME", directory.toString());
  }

  private String options() throws Exception {
    return Shell.run(directory, environment, "bash", "-c", ASK);
  }

  private String settings() throws Exception {
    Path written = directory.toRealPath().resolve("target/proxy-settings.xml");
    assertEquals("-s " + written, options());
    assertEquals(
        "rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(written)));
    return Files.readString(written);
  }

  @Test
  void withoutAProxyMavenIsToldNothing() throws Exception {
    assertEquals("", options());
  }

  @Test
  void hostPortUserAndPasswordAreThoseOfTheVariable() throws Exception {
    environment.put("https_proxy", "http://me:p%40ss%26%3C@proxy.example.com:3128/");
    environment.put("no_proxy", "localhost, .corp.example,10.0.0.1");
    String said = settings();
    for (String part :
        new String[] {
          "<host>proxy.example.com</host><port>3128</port>",
          "<username>me</username><password>p@ss&amp;&lt;</password>",
          "<nonProxyHosts>localhost|*.corp.example|10.0.0.1</nonProxyHosts>"
        }) {
      assertTrue(said.contains(part), said);
    }
  }

  @Test
  void aUserMayHaveADomain() throws Exception {
    environment.put("https_proxy", "http://CORP\\user:n%5Cn@proxy.example.com:3128");
    String said = settings();
    assertTrue(said.contains("<username>CORP\\user</username><password>n\\n</password>"), said);
  }

  @Test
  void aProxyThatAsksForNobodyIsToldNoName() throws Exception {
    environment.put("HTTPS_PROXY", "proxy.example.com");
    String said = settings();
    assertTrue(said.contains("<host>proxy.example.com</host><port>80</port>"), said);
    assertFalse(said.contains("username"), said);
  }

  @Test
  void whoHasWrittenSettingsHasSaidAll() throws Exception {
    environment.put("https_proxy", "http://proxy.example.com:3128");
    Files.createDirectory(directory.resolve(".m2"));
    Files.writeString(directory.resolve(".m2/settings.xml"), "<settings/>");
    assertEquals("", options());
  }

  @Test
  void anAddressThatIsNoneIsNotShownWithItsPassword() throws Exception {
    String said =
        Shell.refusal(
            directory,
            "bash",
            "-c",
            "HOME=/nonexistent https_proxy='socks5://me:secret@proxy'; " + ASK);
    assertTrue(said.contains("https_proxy is no http://HOST:PORT"), said);
    assertFalse(said.contains("secret"), said);
  }
}
