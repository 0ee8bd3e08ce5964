// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.config;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.pushserver.push.AppKey;
import org.pushserver.spi.AppConfig;
import org.pushserver.spi.Delivery;
import org.pushserver.spi.Problem;

class AliasCheckTest {
  private static AppConfig section(String name, String appId, String platform, String aliases) {
    return new AppConfig(
        "applications.ini",
        name,
        new AppKey(appId, platform),
        "sylk",
        Map.of("app_aliases", aliases),
        Path.of("credentials"),
        Delivery.DEFAULT);
  }

  private static List<String> problems(AppConfig... sections) {
    List<Problem> problems = new ArrayList<>();
    AliasCheck.report(List.of(sections), problems::add);
    return problems.stream().map(problem -> problem.severity() + " " + problem).toList();
  }

  @Test
  void namesStandBetweenCommasOrOnLines() {
    AppConfig config =
        section("one", "a", AppKey.FIREBASE, "929724111839, my-project-123\n DEF123GHIJ.a,,a b\n");
    assertEquals(
        List.of("929724111839", "my-project-123", "DEF123GHIJ.a", "a b"), config.aliases());
    assertEquals(List.of(), section("one", "a", AppKey.FIREBASE, " , ").aliases());
  }

  @Test
  void nothingIsWrongWithNamesThatOneApplicationHas() {
    assertEquals(
        List.of(),
        problems(
            section("one", "a", AppKey.FIREBASE, "1, 2, 1, a"),
            section("two", "b", AppKey.FIREBASE, "3"),
            section("three", "b", AppKey.APPLE, "1, a"),
            section("again", "a", AppKey.FIREBASE, "1")));
  }

  @Test
  void aNameThatTwoHaveIsToldAtBoth() {
    assertEquals(
        List.of(
            "WARNING applications.ini [one] app_aliases: '1' is also in app_aliases of [two]; as"
                + " nobody can tell which is meant, it means none. Leave it in one of them",
            "WARNING applications.ini [two] app_aliases: '1' is also in app_aliases of [one]; as"
                + " nobody can tell which is meant, it means none. Leave it in one of them"),
        problems(
            section("one", "a", AppKey.FIREBASE, "1"), section("two", "b", AppKey.FIREBASE, "1")));
  }

  @Test
  void theAppIdOfAnotherIsNoAlias() {
    assertEquals(
        List.of(
            "WARNING applications.ini [two] app_aliases: 'a' is the app_id of [one], which counts;"
                + " remove it here"),
        problems(
            section("one", "a", AppKey.FIREBASE, ""), section("two", "b", AppKey.FIREBASE, "a")));
  }

  @Test
  void whatCanBeNoAppIdIsTold() {
    assertEquals(
        List.of(
            "WARNING applications.ini [one] app_aliases: '1 2' is no app-id, which has no spaces"
                + " and at most 255 characters"),
        problems(section("one", "a", AppKey.FIREBASE, "1 2, 3")));
  }
}
