// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.pkitesting.X509Bundle;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.pushserver.fake.TestTls;
import org.pushserver.push.AppKey;
import org.pushserver.spi.Problem;

class AccessSettingsTest {
  private static final String HASH = "0123456789abcdef".repeat(4);
  private static final String OTHER_HASH = "fedcba9876543210".repeat(4);

  private static X509Bundle authority;
  private static X509Bundle server;

  @TempDir Path directory;

  private final Map<String, String> values = new HashMap<>();
  private final List<Problem> problems = new ArrayList<>();

  @BeforeAll
  static void certify() throws Exception {
    authority = TestTls.valid().subject("CN=CA").setIsCertificateAuthority(true).buildSelfSigned();
    server = TestTls.valid().subject("CN=door").buildIssuedBy(authority);
  }

  private AccessSettings guards() {
    return new AccessSettings(
        new SectionReader("general.ini", "server", values, problems::add),
        directory,
        BuiltIn.PLUGINS,
        problems::add);
  }

  private String told() {
    return problems.stream()
        .map(problem -> problem.severity() + " " + problem)
        .collect(Collectors.joining("\n"))
        .replace(directory + "/", "");
  }

  private void write(String key, String file, String content) throws IOException {
    Files.writeString(directory.resolve(file), content);
    values.put(key, file);
  }

  private ApiKeys keys(String... lines) throws IOException {
    write("api_keys", "keys", String.join("\n", lines));
    return guards().access().keys();
  }

  @Test
  void withoutAWordEverybodyMayComeInPlainly() {
    assertNull(guards().tls());
    assertEquals(Access.OPEN, guards().access());
    assertEquals("", told());
  }

  @Test
  void oneFileMayHaveCertificateChainAndKeyInAnyOrder() throws Exception {
    write(
        "tls_certificate",
        "tls.pem",
        authority.getCertificatePEM() + server.getPrivateKeyPEM() + server.getCertificatePEM());
    Tls tls = guards().tls();
    assertEquals("", told());
    assertEquals(
        List.of(server.getCertificate(), authority.getCertificate()), tls.identity().chain());
    assertEquals(List.of(), tls.clientAuthorities());
    assertEquals("CN=door", tls.toString());
  }

  @Test
  void theSameContentIsTheSameTlsWhateverItsFile() throws Exception {
    String content = server.getCertificatePEM() + server.getPrivateKeyPEM();
    write("tls_certificate", "tls.pem", content);
    Tls first = guards().tls();
    write("tls_certificate", "other.pem", content + "\n");
    assertEquals(first, guards().tls());

    X509Bundle renewed = TestTls.valid().subject("CN=door").buildIssuedBy(authority);
    write("tls_certificate", "tls.pem", renewed.getCertificatePEM() + renewed.getPrivateKeyPEM());
    assertNotEquals(first, guards().tls());
  }

  @Test
  void aWrongTlsFileIsFatalAndToldInWords() throws Exception {
    write("tls_certificate", "tls.pem", "no certificate");
    assertNull(guards().tls());
    write("tls_certificate", "tls.pem", server.getCertificatePEM());
    assertNull(guards().tls());
    write("tls_certificate", "tls.pem", server.getPrivateKeyPEM());
    assertNull(guards().tls());
    write("tls_certificate", "tls.pem", server.getCertificatePEM() + authority.getPrivateKeyPEM());
    assertNull(guards().tls());
    values.put("tls_certificate", "missing.pem");
    assertNull(guards().tls());
    values.put("tls_certificate", ".");
    assertNull(guards().tls());
    String key = "FATAL general.ini [server] tls_certificate: ";
    assertEquals(
        key
            + "tls.pem: no PEM block (-----BEGIN …-----) in it\n"
            + key
            + "tls.pem: there is no private key in it, only: CERTIFICATE\n"
            + key
            + "tls.pem: there is no certificate in it, only: PRIVATE KEY\n"
            + key
            + "tls.pem: certificate and key do not belong together\n"
            + key
            + "missing.pem does not exist or may not be read; put the file there, or remove the key"
            + " to serve without TLS\n"
            + key
            + directory
            + " does not exist or may not be read; put the file there, or remove the key to serve"
            + " without TLS",
        told());
  }

  @Test
  void anExpiringCertificateIsAWarning() throws Exception {
    Instant soon = Instant.now().plus(Duration.ofDays(3));
    X509Bundle old = TestTls.valid().subject("CN=old").notAfter(soon).buildIssuedBy(authority);
    write("tls_certificate", "tls.pem", old.getCertificatePEM() + old.getPrivateKeyPEM());
    assertEquals("CN=old", guards().tls().toString());
    assertTrue(
        told()
            .startsWith("WARNING general.ini [server] tls_certificate: the certificate expires on"),
        told());
  }

  @Test
  void clientsAreCertifiedByTheAuthoritiesOfAFile() throws Exception {
    write("tls_certificate", "tls.pem", server.getCertificatePEM() + server.getPrivateKeyPEM());
    write("tls_client_ca", "ca.pem", authority.getCertificatePEM());
    assertEquals(List.of(authority.getCertificate()), guards().tls().clientAuthorities());
    assertEquals("", told());

    write("tls_client_ca", "ca.pem", authority.getPrivateKeyPEM());
    assertEquals(List.of(), guards().tls().clientAuthorities());
    assertEquals(
        "FATAL general.ini [server] tls_client_ca: ca.pem: there is no certificate in it, only: PRIVATE KEY",
        told());
  }

  @Test
  void clientCertificatesNeedTls() throws Exception {
    write("tls_client_ca", "ca.pem", authority.getCertificatePEM());
    assertNull(guards().tls());
    assertEquals(
        "FATAL general.ini [server] tls_client_ca: clients show certificates only in TLS; set"
            + " tls_certificate, too",
        told());
  }

  @Test
  void noProxyIsTrustedUnlessItIsNamed() {
    assertFalse(guards().access().trustedProxies().contains("127.0.0.1"));
    values.put("trusted_proxies", " , ");
    assertFalse(guards().access().trustedProxies().contains("127.0.0.1"));
    values.put("trusted_proxies", "127.0.0.1");
    assertTrue(guards().access().trustedProxies().contains("127.0.0.1"));
    assertEquals("", told());
    values.put("trusted_proxies", "proxy.example.com");
    assertTrue(guards().access().trustedProxies().isNone());
    assertTrue(told().startsWith("FATAL general.ini [server] trusted_proxies: 'proxy"), told());
  }

  @Test
  void aKeyOpensTheApplicationsOfItsLine() throws Exception {
    ApiKeys keys =
        keys(
            "# name, hash, applications",
            "",
            "pbx-1  " + HASH + "  *",
            "; an intern",
            "pbx_2\t" + OTHER_HASH.toUpperCase(Locale.ROOT) + " com.a, com.b/ios");
    assertEquals("", told());
    assertEquals(2, keys.size());
    assertFalse(keys.isOpen());
    ApiKey all = keys.find(hash(HASH));
    assertEquals("pbx-1", all.name());
    assertTrue(all.opens(new AppKey("anything", "pigeon")));
    ApiKey some = keys.find(hash(OTHER_HASH));
    assertTrue(some.opens(new AppKey("com.a", AppKey.FIREBASE)));
    assertTrue(some.opens(new AppKey("com.b", AppKey.APPLE)));
    assertFalse(some.opens(new AppKey("com.b", AppKey.FIREBASE)));
    assertFalse(some.opens(new AppKey("com.c", AppKey.APPLE)));
    assertFalse(keys.toString().contains(HASH), keys::toString);
  }

  @Test
  void aKeyIsForPushesAloneUnlessItsLineSaysMore() throws Exception {
    ApiKeys keys =
        keys(
            "pbx " + HASH + " com.a ,  com.b",
            "desk " + OTHER_HASH + " com.a, com.b  Console,acks");
    assertEquals("", told());
    assertEquals(Set.of(Right.PUSH), keys.find(hash(HASH)).rights());
    ApiKey desk = keys.find(hash(OTHER_HASH));
    assertEquals(Set.of("com.a", "com.b"), desk.appIds());
    assertTrue(desk.may(Right.CONSOLE) && desk.may(Right.SEARCH) && desk.may(Right.ACKS));
    assertFalse(desk.may(Right.PUSH));
  }

  @Test
  void aKeyMayBeLimitedToTheAccountsOfSomeDomains() throws Exception {
    ApiKeys keys =
        keys(
            "pbx " + HASH + " * push,tokens @Example.com , @[2001:db8::1]",
            "app " + OTHER_HASH + " com.a  @example.org");
    assertEquals("", told());
    ApiKey pbx = keys.find(hash(HASH));
    assertEquals(Set.of("example.com", "[2001:db8::1]"), pbx.domains());
    assertTrue(pbx.may(Right.TOKENS, "alice@example.com"));
    assertEquals(Set.of(Right.PUSH), keys.find(hash(OTHER_HASH)).rights());
    assertFalse(keys.find(hash(OTHER_HASH)).may(Right.TOKENS, "alice@example.org"));
  }

  private static byte[] hash(String hex) {
    return HexFormat.of().parseHex(hex);
  }

  @Test
  void aHashThatDiffersInItsLastByteFindsNothing() throws Exception {
    ApiKeys keys = keys("pbx " + HASH + " *");
    byte[] hash = hash(HASH);
    hash[31] ^= 1;
    assertNull(keys.find(hash));
  }

  @Test
  void aKeyThatWasMadeIsFoundByItsHash() throws Exception {
    String key = KeyHash.newKey();
    String hash = HexFormat.of().formatHex(new KeyHash().of(key));
    assertEquals("pbx", keys("pbx " + hash + " *").find(new KeyHash().of(key)).name());
    assertTrue(key.matches("ps_[A-Za-z0-9_-]{43}"), key);
    assertNotEquals(key, KeyHash.newKey());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "p!x HASH * | a name has",
        "pbx | after the name comes the key's hash",
        "pbx ps_secret * | after the name comes the key's hash",
        "pbx HASH | after the hash come the applications",
        "pbx HASH com.a,,com.b | an application is",
        "pbx HASH com.a com.b | after the applications may come what the key is for",
        "pbx HASH * push search | after the applications may come what the key is for",
        "pbx HASH * push, | after the applications may come what the key is for",
        "pbx HASH * push example.com | after the applications may come what the key is for",
        "pbx HASH * @example.com push | after the applications may come what the key is for",
        "pbx HASH * push @a.example @b.example | domains are separated by commas, and each begins",
        "pbx HASH * push @a.example,b.example | domains are separated by commas, and each begins",
        "pbx HASH * push @ | domains are separated by commas, and each begins",
        "pbx HASH * push @a.example, | domains are separated by commas, and each begins",
        "pbx HASH * push @a.example:5060 | domains are separated by commas, and each begins",
        "pbx HASH * push,search @a.example | a key that is limited to domains may be for push and",
        "pbx HASH * console @a.example | a key that is limited to domains may be for push and",
        "pbx HASH * acks @a.example | a key that is limited to domains may be for push and",
        "pbx HASH com.a/ | an application is",
        "pbx HASH /apple | an application is",
      })
  void aWrongLineIsFatalAndNotShown(String line, String message) throws Exception {
    assertEquals(0, keys("# first", line.replace("HASH", HASH)).size());
    assertTrue(told().startsWith("FATAL keys: line 2: " + message), told());
    assertFalse(told().contains("secret"), told());
  }

  @Test
  void aNameOrAKeyStandsInTheFileOnce() throws Exception {
    assertEquals(1, keys("a " + HASH + " *", "a " + OTHER_HASH + " *").size());
    assertEquals(1, keys("a " + HASH + " *", "b " + HASH + " *").size());
    assertEquals(2, problems.size());
    assertTrue(told().startsWith("FATAL keys: line 2: the name or the key stands"), told());
  }

  @Test
  void aFileWithoutAKeyLetsNobodyIn() throws Exception {
    ApiKeys keys = keys("# none yet");
    assertFalse(keys.isOpen());
    assertTrue(told().startsWith("WARNING keys: there is no key in it"), told());
  }

  @Test
  void aFileOfKeysThatIsMissingIsFatal() {
    values.put("api_keys", "keys");
    assertNotNull(guards().access());
    assertTrue(told().startsWith("FATAL general.ini [server] api_keys: keys does not"), told());
  }

  @ParameterizedTest
  @ValueSource(strings = {"127.0.0.1", "127.8.0.1", "::1", "localhost"})
  void onThisMachineAloneAnOpenDoorIsNoWorry(String host) {
    guards().warnWhenOpen(host, null, Access.OPEN);
    assertEquals("", told());
  }

  @ParameterizedTest
  @ValueSource(strings = {"0.0.0.0", "::", "192.0.2.1", "push.example.com"})
  void anOpenDoorToOthersIsAWarning(String host) {
    guards().warnWhenOpen(host, null, Access.OPEN);
    assertEquals(
        "WARNING general.ini [server] host: whoever reaches "
            + host
            + " may send pushes; set allowed_hosts or api_keys to prevent it",
        told());
  }

  @Test
  void anyGuardAtTheDoorIsEnough() throws Exception {
    guards()
        .warnWhenOpen(
            "::", null, new Access(AddressList.parse("::1"), AddressList.NONE, ApiKeys.OPEN));
    guards()
        .warnWhenOpen(
            "::", null, new Access(AddressList.ALL, AddressList.NONE, keys("a " + HASH + " *")));
    assertEquals("", told());
  }
}
