// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;

/**
 * The jar that operators get says what is in it, for those who look for parts with known faults.
 */
@DisabledIfSystemProperty(
    named = "pushserver.maven",
    matches = "offline=true",
    disabledReason = "with -o Maven does not make the list of parts")
class JarIT {
  private static final String PARTS = "META-INF/sbom/pushserver.cdx.json";

  /** What Netty and the JOSE library have packed into their own jars, under names of their own. */
  private static final Pattern PACKED_BY_OTHERS =
      Pattern.compile(
          "(org\\.jctools|com\\.google\\.code\\.gson|com\\.github\\.stephenc\\.jcip):.*");

  private static JarFile jar() throws IOException {
    return new JarFile("target/pushserver.jar");
  }

  private static JsonObject parts(JarFile jar) throws IOException {
    try (InputStream in = jar.getInputStream(jar.getEntry(PARTS))) {
      return new JsonObject(new String(in.readAllBytes(), StandardCharsets.UTF_8));
    }
  }

  private static String name(JsonObject part) {
    return part.getString("group") + ":" + part.getString("name") + ":" + part.getString("version");
  }

  /** Of those parts that bring a description of Maven's along. */
  private static Set<String> described(JarFile jar) throws IOException {
    Set<String> described = new TreeSet<>();
    for (JarEntry entry : jar.stream().toList()) {
      if (entry.getName().endsWith("/pom.properties")) {
        Properties said = new Properties();
        try (InputStream in = jar.getInputStream(entry)) {
          said.load(in);
        }
        described.add(
            said.getProperty("groupId")
                + ":"
                + said.getProperty("artifactId")
                + ":"
                + said.getProperty("version"));
      }
    }
    return described;
  }

  @Test
  void eachPartOfItIsListedWithVersionAndLicence() throws IOException {
    try (JarFile jar = jar()) {
      JsonObject list = parts(jar);
      assertEquals("CycloneDX", list.getString("bomFormat"));
      Set<String> listed = new TreeSet<>();
      JsonObject self = list.getJsonObject("metadata").getJsonObject("component");
      listed.add(name(self));
      for (Object one : list.getJsonArray("components")) {
        JsonObject part = (JsonObject) one;
        listed.add(name(part));
        JsonArray licences = part.getJsonArray("licenses");
        assertTrue(licences != null && !licences.isEmpty(), part::encodePrettily);
      }
      assertTrue(
          listed.stream().anyMatch(part -> part.startsWith("io.vertx:vertx-core:5.")),
          listed::toString);
      Set<String> missing = described(jar);
      assertTrue(missing.size() > 20, missing::toString);
      missing.removeAll(listed);
      missing.removeIf(PACKED_BY_OTHERS.asMatchPredicate());
      assertEquals(Set.of(), missing);
    }
  }

  @Test
  void whatIsOnlyForTheBuildIsNotListed() throws IOException {
    try (JarFile jar = jar()) {
      String list = parts(jar).encode();
      assertFalse(list.contains("error_prone"));
      assertFalse(list.contains("junit"));
      assertFalse(list.contains("HdrHistogram"));
    }
  }
}
