// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.pem;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.pushserver.fake.CertificateFiles;
import org.pushserver.fake.TestTls;
import org.pushserver.pem.Pem.PemException;

class CertificateFilesTest {
  /** What has nothing in it that TLS would not send. */
  private static final Set<String> TIDY =
      Set.of(
          "leaf int1 int2 key",
          "leaf int1 int2 root key",
          "key leaf int1 int2",
          "key int2 int1 leaf",
          "leaf int2 int1 key",
          "leaf root int1 int2 key",
          "root int2 int1 leaf key",
          "int1 int2 key leaf",
          "leaf leaf int1 int2 int2 key");

  private static CertificateFiles files;
  private static X509Bundle authority;

  @TempDir Path dir;
  private Path file;
  private final List<String> remarks = new ArrayList<>();

  @BeforeAll
  static void certify() throws Exception {
    authority =
        TestTls.valid().subject("CN=Root").setIsCertificateAuthority(true).buildSelfSigned();
    files = new CertificateFiles(authority, "CN=door");
  }

  @BeforeEach
  void name() {
    file = dir.resolve("tls.pem");
  }

  @CanIgnoreReturnValue
  private CertifiedKey read(String content) throws Exception {
    return CertifiedKey.read(Files.writeString(file, content), remarks::add);
  }

  private String refused(String content) throws Exception {
    Path written = Files.writeString(file, content);
    return assertThrows(PemException.class, () -> CertifiedKey.read(written, remarks::add))
        .getMessage();
  }

  static List<String> kinds() {
    return CertificateFiles.KINDS;
  }

  static List<String> orders() {
    List<String> orders = new ArrayList<>();
    permute("", List.of("leaf", "int1", "int2", "root", "key"), orders);
    return orders;
  }

  private static void permute(String before, List<String> rest, List<String> orders) {
    if (rest.isEmpty()) {
      orders.add(before.strip());
    }
    for (String next : rest) {
      List<String> others = new ArrayList<>(rest);
      others.remove(next);
      permute(before + " " + next, others, orders);
    }
  }

  @ParameterizedTest
  @MethodSource("orders")
  void theOrderInAFileDoesNotMatter(String order) throws Exception {
    assertEquals(files.path(true), read(files.file(order)).chain());
    assertEquals(List.of(), remarks);
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void thePathBeginsAtTheNewestValidCertificateOfTheKeyAndHasNothingElse(String kind)
      throws Exception {
    assertEquals(files.path(kind.contains("root")), read(files.file(kind)).chain());
    assertEquals(TIDY.contains(kind), remarks.isEmpty(), remarks.toString());
    assertTrue(remarks.stream().allMatch(remark -> remark.startsWith(file + ": ")), remarks + "");
  }

  @Test
  void whatIsLeftOutIsNamed() throws Exception {
    read(files.file("leaf int1 int2 key stranger expired-int1"));
    assertEquals(1, remarks.size());
    String remark = remarks.get(0);
    assertTrue(remark.contains("'CN=Stranger' (until 20"), remark);
    assertTrue(remark.contains("'CN=First intermediate' (expired 20"), remark);
  }

  @Test
  void ofSeveralKeysTheOneWithTheNewestCertificateCounts() throws Exception {
    assertEquals(
        files.path(false), read(files.file("former-key former key leaf int1 int2")).chain());
    assertTrue(remarks.get(1).contains("more than one private key"), remarks.toString());
  }

  @Test
  void whatTlsCannotUseIsFoundWhenItIsRead() throws Exception {
    X509Bundle weak = shortKey().buildIssuedBy(authority);
    String why = refused(weak.getCertificatePEM() + weak.getPrivateKeyPEM());
    assertTrue(why.startsWith(file + ": TLS cannot use certificate and key together ("), why);
  }

  private static CertificateBuilder shortKey() throws Exception {
    var generator = java.security.KeyPairGenerator.getInstance("RSA");
    generator.initialize(512);
    return TestTls.valid().subject("CN=weak").keyPair(generator.generateKeyPair());
  }

  @Test
  void aKeyWithoutItsCertificateIsRefusedInWords() throws Exception {
    assertEquals(
        file + ": certificate and key do not belong together",
        refused(files.file("leaf int1 former-key")));
    assertEquals(
        file + ": there is no private key in it, only: CERTIFICATE", refused(files.file("leaf")));
    assertEquals(
        file + ": there is no certificate in it, only: PRIVATE KEY", refused(files.file("key")));
  }
}
