// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.contact;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AppNamesTest {
  @Test
  void aPlainNameIsTheOnlyOne() {
    assertEquals(List.of("com.example.phone"), AppNames.of("com.example.phone"));
    assertEquals(List.of("929724111839"), AppNames.of("929724111839"));
    assertEquals(List.of("my-project-123"), AppNames.of("my-project-123"));
  }

  @Test
  void theNameItselfComesFirstThenWithoutServiceThenWithoutTeam() {
    assertEquals(
        List.of(
            "DEF123GHIJ.com.example.phone.voip",
            "DEF123GHIJ.com.example.phone",
            "com.example.phone"),
        AppNames.of("DEF123GHIJ.com.example.phone.voip"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "com.example.phone.voip",
        "com.example.phone.remote",
        "com.example.phone.voip&remote",
        "com.example.phone.remote&voip",
        "com.example.phone.prod",
        "com.example.phone.dev",
        "com.example.phone.voip.prod",
        "com.example.phone.VOIP.DEV",
        "ABCD1234.com.example.phone",
        "DEF123GHIJ.com.example.phone",
        "DEF123GHIJ.com.example.phone.voip&remote",
        "DEF123GHIJ.com.example.phone.remote.dev"
      })
  void teamServiceAndEnvironmentAreTakenOff(String name) {
    List<String> names = AppNames.of(name);
    assertEquals(name, names.get(0));
    assertEquals("com.example.phone", names.get(names.size() - 1));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ABC1234.com.example.phone",
        "abcd12345.com.example.phone",
        "DEF123GHIJ.",
        "DEF123GHIJ",
        ".voip",
        ".dev",
        "com.example.voipphone"
      })
  void whatIsNoTeamAndNoServiceStays(String name) {
    assertEquals(List.of(name), AppNames.of(name));
  }

  @Test
  void theEnvironmentIsKeptBeforeItIsDropped() {
    assertEquals(
        List.of(
            "com.example.phone.voip.prod",
            "com.example.phone.voip",
            "com.example.phone.prod",
            "com.example.phone"),
        AppNames.of("com.example.phone.voip.prod"));
  }

  @Test
  void forTheSandboxASectionThatSaysSoComesBeforeOneThatDoesNot() {
    assertEquals(
        List.of("com.example.phone.dev", "com.example.phone"),
        AppNames.ofSandbox("com.example.phone"));
    assertEquals(
        List.of("com.example.phone.dev", "com.example.phone"),
        AppNames.ofSandbox("com.example.phone.dev"));
    List<String> names = AppNames.ofSandbox("DEF123GHIJ.com.example.phone.remote");
    assertTrue(
        names.indexOf("com.example.phone.dev") < names.indexOf("com.example.phone"),
        names::toString);
  }

  @Test
  void forProductionASectionThatSaysSoComesAfterTheNameItself() {
    assertEquals(
        List.of("com.example.phone", "com.example.phone.prod"),
        AppNames.ofProduction("com.example.phone"));
  }

  @Test
  void onlyDevIsTheSandbox() {
    assertTrue(AppNames.isSandbox("apns.dev"));
    assertTrue(AppNames.isSandbox("APNS.DEV"));
    assertFalse(AppNames.isSandbox("apns.prod"));
    assertFalse(AppNames.isSandbox("apns"));
    assertFalse(AppNames.isSandbox("dev"));
  }
}
