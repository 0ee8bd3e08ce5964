// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.config;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.pushserver.config.CassandraSettings.Named;
import org.pushserver.config.TokenSettings.Store;

class TokenSettingsTest {
  private static final Path STATE = Path.of("/var/lib/pushserver");

  private final List<String> told = new ArrayList<>();

  private TokenSettings read(boolean hasCluster, Map<String, String> keys) {
    return read(hasCluster ? Named.WELL : Named.NOT, keys);
  }

  private TokenSettings read(Named cluster, Map<String, String> keys) {
    return read(cluster, false, keys);
  }

  private TokenSettings read(Named cluster, boolean isMember, Map<String, String> keys) {
    SectionReader in =
        new SectionReader(
            "general.ini",
            TokenSettings.SECTION,
            keys,
            problem -> told.add(problem.key() + ": " + problem.message()));
    return TokenSettings.read(in, cluster, isMember, STATE, Path.of("/etc/pushserver"));
  }

  @Test
  void withoutASectionTokensAreInAFileThatIsOpenedWhenItIsNeeded() {
    assertEquals(TokenSettings.DEFAULT, read(false, Map.of()));
    assertEquals(List.of(), told);
  }

  @Test
  void aNamedClusterIsWhereTokensAreUnlessTheSectionSaysOtherwise() {
    assertEquals(Store.CASSANDRA, read(true, Map.of()).store());
    assertEquals(Store.SQLITE, read(true, Map.of("store", "sqlite")).store());
    assertEquals(Store.NONE, read(true, Map.of("store", "None")).store());
    assertEquals(List.of(), told);
  }

  @Test
  void serversThatAreOneAreToldThatTheyHaveNoFileInCommon() {
    assertEquals(Store.SQLITE, read(Named.NOT, true, Map.of()).store());
    assertEquals(1, told.size(), told::toString);
    assertEquals(0, told.get(0).indexOf("store: each server of a cluster has its own file"));
    told.clear();
    assertEquals(Store.NONE, read(Named.NOT, true, Map.of("store", "none")).store());
    assertEquals(Store.CASSANDRA, read(Named.WELL, true, Map.of()).store());
    assertEquals(List.of(), told);
  }

  @Test
  void eachKeyIsTaken() {
    assertEquals(
        new TokenSettings(Store.SQLITE, Path.of("/etc/pushserver/phones.db"), 10, 90, true),
        read(false, Map.of("file", "phones.db", "cache", "10", "token_max_age", "90")));
    assertEquals(List.of(), told);
  }

  @Test
  void aStoreWithoutItsClusterIsTold() {
    assertEquals(Store.UNNAMED_CLUSTER, read(false, Map.of("store", "cassandra")).store());
    assertEquals(
        List.of(
            "store: [Cassandra] names no cluster_contact_points; no token is stored; set them, too,"
                + " or store = sqlite"),
        told);
  }

  @Test
  void tokensOfAClusterThatIsNotNamedWellAreInNoFile() {
    assertEquals(Store.UNNAMED_CLUSTER, read(Named.BADLY, Map.of()).store());
    assertEquals(Store.UNNAMED_CLUSTER, read(Named.BADLY, Map.of("store", "cassandra")).store());
    assertEquals(Store.SQLITE, read(Named.BADLY, Map.of("store", "sqlite")).store());
    assertEquals(Store.NONE, read(Named.BADLY, Map.of("store", "none")).store());
    assertEquals(List.of(), told, "[Cassandra] has told it");
  }

  @Test
  void aWrongWordLeavesWhatIsUsual() {
    assertEquals(Store.CASSANDRA, read(true, Map.of("store", "redis")).store());
    assertEquals(1, told.size(), told::toString);
  }
}
