// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.endpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PathTableTest {
  private final PathTable table =
      new PathTable(
          List.of("/push", "/", "/health/live", "/things/{name}", "/things/{name}/parts"));

  @ParameterizedTest
  @CsvSource({
    "/push, /push",
    "/push/, /push",
    "/, /",
    "/health/live, /health/live",
    "/things/one, /things/{name}",
    "/things/one/, /things/{name}",
    "/things/%2F, /things/{name}",
    "/things/one/parts, /things/{name}/parts",
  })
  void aRequestIsForThePathOfItsEndpoint(String asked, String path) {
    assertEquals(path, table.path(table.number(asked)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "*",
        "push",
        "//",
        "//push",
        "/push//",
        "/PUSH",
        "/%70ush",
        "/push/x",
        "/x/../push",
        "/health",
        "/things",
        "/things/",
        "/things//",
        "/things//parts",
        "/things/one/other",
        "/things/{name}/parts/more",
      })
  void whatIsNoneOfThemHasTheNumberBehindTheLast(String asked) {
    assertEquals(table.size(), table.number(asked));
  }

  @Test
  void whatCouldNotBeReadIsNoneOfThem() {
    assertEquals(table.size(), table.number(null));
  }
}
