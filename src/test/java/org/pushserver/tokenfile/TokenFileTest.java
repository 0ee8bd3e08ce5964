// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.tokenfile;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import net.razorvine.pickle.Pickler;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.pushserver.push.AppKey;
import org.pushserver.tokens.StoredToken;

/** Files that devices are imported from, and the one that they are exported to. */
class TokenFileTest {
  private static final Path RECORDED = Path.of("src/test/resources/tokens");
  private static final AppKey APPLE = new AppKey("com.example.phone", AppKey.APPLE);
  private static final AppKey ANDROID = new AppKey("com.example.phone", AppKey.FIREBASE);
  private static final String UUID = "7f3c0b52-9a41-4c1e-8f10-2b6a90c4e75a";

  @TempDir Path directory;

  private static StoredToken token(
      String account, AppKey app, String deviceId, String token, String background, String agent) {
    return new StoredToken(account, app, deviceId, token, background, true, agent, 0, 0);
  }

  private static List<TokenFile.Row> rows(Path file) throws IOException, BadTokenFileException {
    return rows(file, null, "");
  }

  private static List<TokenFile.Row> rows(Path path, TokenFormat format, String domain)
      throws IOException, BadTokenFileException {
    List<TokenFile.Row> rows = new ArrayList<>();
    try (TokenFile file = TokenFile.open(path, format, domain, APPLE::equals)) {
      for (TokenFile.Row row = file.next(); row != null; row = file.next()) {
        rows.add(row);
      }
      return rows;
    }
  }

  private static List<StoredToken> devices(List<TokenFile.Row> rows) {
    return rows.stream()
        .map(
            row -> {
              assertNull(row.problem(), row::toString);
              return row.token();
            })
        .toList();
  }

  private Path file(String... lines) throws IOException {
    return Files.write(directory.resolve("file"), List.of(lines));
  }

  private static String refusal(Path file) {
    return assertThrows(BadTokenFileException.class, () -> rows(file)).getMessage();
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3, 4, 5})
  void aPickleOfEachProtocolIsRead(int protocol) throws Exception {
    List<TokenFile.Row> rows = rows(RECORDED.resolve("protocol" + protocol + ".pickle"));
    assertEquals(
        List.of(
            token(
                "alice@example.com",
                APPLE,
                "evA",
                "aa11".repeat(16),
                "bb22".repeat(16),
                "Phone/3.2 (iOS)"),
            token("alice@example.com", ANDROID, UUID, "cT:APA91b_x-Y", null, "Téléphone/1.0"),
            token("bob@example.com", APPLE, "phone-2", "cc33".repeat(16), null, null)),
        devices(rows));
    assertEquals("account alice@example.com, device com.example.phone-evA", rows.get(0).where());
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 4})
  void aPickleThatWouldRunAProgramIsRefusedBeforeTheFirstDevice(int protocol) {
    String refusal = refusal(RECORDED.resolve("hostile" + protocol + ".pickle"));
    assertTrue(refusal.contains(" names posix.system, and only plain data is read"), refusal);
    assertFalse(Files.exists(Path.of("pushserver-was-here")));
  }

  @ParameterizedTest
  @CsvSource({
    "Rq\\x00X\\x01\\x00\\x00\\x00xcposix\\nsystem\\n., names posix.system",
    "Rb., makes an object",
    "R\\x81., makes an object",
    "(cos\\nsystem\\no., names os.system",
    "(ios\\nsystem\\n., makes an object",
    "RP1\\n., refers to something outside",
    "R]., instruction 0x5d",
    "RC\\x01a., instruction 0x43",
    "N)R., calls something",
    "Rss., damaged",
    "R}q\\x00h\\x00h\\x00s}h\\x00Ns., has a dictionary in the place of a name",
  })
  void everyOtherInstructionIsRefused(String instructions, String why) throws Exception {
    String begin = instructions.startsWith("R") ? "ccollections\ndefaultdict\n)" : "";
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    bytes.write(new byte[] {(byte) 0x80, 4});
    bytes.write(bytes(begin + instructions));
    String refusal = refusal(Files.write(directory.resolve("file"), bytes.toByteArray()));
    assertTrue(refusal.contains(why), refusal);
  }

  /** With \xHH for a byte, and \n for the end of a line. */
  private static byte[] bytes(String text) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (int at = 0; at < text.length(); at++) {
      if (text.startsWith("\\x", at)) {
        bytes.write(Integer.parseInt(text.substring(at + 2, at + 4), 16));
        at += 3;
      } else if (text.startsWith("\\n", at)) {
        bytes.write('\n');
        at++;
      } else {
        bytes.write(text.charAt(at));
      }
    }
    return bytes.toByteArray();
  }

  @Test
  void aPickleThatWasCutShortGivesNotOneDevice() throws Exception {
    byte[] whole = Files.readAllBytes(RECORDED.resolve("protocol4.pickle"));
    for (int length = 1; length < whole.length; length++) {
      Path cut = Files.write(directory.resolve("cut"), Arrays.copyOf(whole, length));
      assertEquals("it is not whole: it ends in the middle", refusal(cut));
    }
  }

  @Test
  void aTextThatClaimsToBeHugeTakesNoMemory() throws Exception {
    Path claims =
        Files.write(directory.resolve("claims"), bytes("\\x80\\x04X\\xff\\xff\\xff\\x7fabc\\x8d"));
    assertEquals("it is not whole: it ends in the middle", refusal(claims));
  }

  @Test
  void ofALargePickleNothingIsKeptThatWasHandedOut() throws Exception {
    Map<String, Object> accounts = new HashMap<>();
    for (int i = 0; i < 3000; i++) {
      Map<String, Object> device = new HashMap<>();
      device.put("app_id", "com.example.phone");
      device.put("platform", "firebase");
      device.put("token", "token" + i);
      device.put("device_id", "device" + i);
      accounts.put("user" + i + "@example.com", Map.of("com.example.phone-device" + i, device));
    }
    Path large = directory.resolve("large");
    try (OutputStream out = Files.newOutputStream(large)) {
      new Pickler().dump(accounts, out);
    }
    assertEquals(3000, devices(rows(large)).size());
  }

  @Test
  void whatIsWrittenIsReadAgain() throws Exception {
    List<StoredToken> all =
        List.of(
            new StoredToken("bob@example.com", APPLE, "a", "t1", "t2", false, "Phone \"1\"", 5, 7),
            new StoredToken("bob", APPLE, "lost its other", "t1", "", true, null, 0, 0),
            new StoredToken("bob", APPLE, "has none for calls", "t2", "t2", true, null, 0, 0),
            new StoredToken("bob", ANDROID, "b", "t3", null, true, null, 0, 0),
            new StoredToken(
                "eve@example.com", new AppKey("app", "my-pns"), "c", "t-4", null, true, "é", 1, 1));
    Path file = directory.resolve("tokens.jsonl");
    try (DeviceLines writer = new DeviceLines(Files.newOutputStream(file), true)) {
      for (StoredToken token : all) {
        writer.write(token);
      }
    }
    assertEquals(all, devices(rows(file)));
    assertEquals(
        "{\"account\":\"bob@example.com\",\"app-id\":\"com.example.phone\",\"platform\":\"apple\","
            + "\"device-id\":\"a\",\"token\":\"t1\",\"background-token\":\"t2\",\"silent\":false,"
            + "\"user-agent\":\"Phone \\\"1\\\"\",\"stored-at\":\"1970-01-01T00:00:00.005Z\","
            + "\"last-seen\":\"1970-01-01T00:00:00.007Z\"}",
        Files.readAllLines(file).get(0));
  }

  @Test
  void whatTheOldServerHasSplitIsReadAsItIsMeant() throws Exception {
    String line =
        "{\"account\":\"a@x\",\"app_id\":\"com.example.phone\",\"platform\":\"apple\","
            + "\"device_id\":\"d\",\"token\":\"%s\",\"background_token\":%s}";
    Path file =
        file(
            line.formatted("aa", "\"aa\""),
            line.formatted("", "\"bb\""),
            line.formatted("cc", "\"\""),
            line.formatted("dd", "null"),
            line.formatted("", "null"));
    List<TokenFile.Row> rows = rows(file);
    assertEquals(
        List.of(
            token("a@x", APPLE, "d", "aa", null, null),
            token("a@x", APPLE, "d", "bb", "bb", null),
            token("a@x", APPLE, "d", "cc", null, null),
            token("a@x", APPLE, "d", "dd", null, null)),
        devices(rows.subList(0, 4)));
    assertEquals("it has no token", rows.get(4).problem());
  }

  @Test
  void aLineThatIsWrongIsNamedAndTheOthersAreRead() throws Exception {
    Path file =
        file(
            "{\"account\":\"a@x\",\"app_id\":\"com.example.phone\",\"platform\":\"ios\","
                + "\"token\":\"AA11-BB22-CC\",\"device_id\":\"<urn:uuid:"
                + UUID
                + ">\","
                + "\"silent\":0,\"call_id\":\"x\"}",
            "{\"account\":\"a@x\",\"token\":\"secret",
            "",
            "[1]",
            "{\"account\":\"a@x\",\"app-id\":\"com.example.phone\",\"platform\":\"ios\"}",
            "{\"account\":\"sip:b@x\",\"app-id\":\"com.example.phone\",\"platform\":\"FCM\","
                + "\"token\":\"t\",\"device-id\":\"d\",\"silent\":\"perhaps\"}");
    List<TokenFile.Row> rows = rows(file);
    assertEquals(
        new StoredToken("a@x", APPLE, UUID, "AA11", "BB22-CC", false, null, 0, 0),
        rows.get(0).token());
    assertEquals(
        List.of(
            "line 2: it is no JSON",
            "line 4: it is no JSON object",
            "line 5: it has no token",
            "line 6: silent is neither yes nor no"),
        rows.stream().skip(1).map(row -> row.where() + ": " + row.problem()).toList());
  }

  @Test
  void aTableIsReadByTheNamesOfItsColumns() throws Exception {
    Path file =
        file(
            "\"Account\",device_id,app_id,token,platform,user_agent,other",
            "sip:alice@example.com,a,com.example.phone,AA-BB,apns,\"Phone, \"\"new\"\"\"",
            "",
            "bob@example.com,\"b\",com.example.phone,t:1,android,NULL,x",
            "bob@example.com,,com.example.phone,t:1,android,,",
            "carol,\"d\",com.example.phone,t:2,android,\"two",
            "lines\",",
            "dave@x,e,com.example.phone,t:3,android,,,,");
    List<TokenFile.Row> rows = rows(file, null, "example.com");
    assertEquals(
        List.of(
            token("alice@example.com", APPLE, "a", "AA", "BB", "Phone, \"new\""),
            token("bob@example.com", ANDROID, "b", "t:1", null, null)),
        devices(rows.subList(0, 2)));
    assertEquals("it has no device-id", rows.get(2).problem());
    assertEquals("user-agent has control characters", rows.get(3).problem());
    assertEquals("line 8", rows.get(4).where());
    assertEquals("it has 9 columns, and the first line names 7", rows.get(4).problem());
  }

  @Test
  void cassandrasOwnTableIsOne() throws Exception {
    Path file =
        file(
            "username,domain,device_id,app_id,background_token,device_token,platform,silent,user_agent",
            "alice,example.com,a,com.example.phone,BB,AA,apple,1,Phone/1",
            "bob,example.com,b,com.example.phone,,t:1,firebase,0,");
    assertEquals(
        List.of(
            token("alice@example.com", APPLE, "a", "AA", "BB", "Phone/1"),
            new StoredToken("bob@example.com", ANDROID, "b", "t:1", null, false, null, 0, 0)),
        devices(rows(file)));
  }

  @Test
  void registrationsOfOpenSipsAreReadFromTheirContacts() throws Exception {
    Path file =
        file(
            "contact_id\tusername\tdomain\tcontact\tlast_modified\tuser_agent\tsip_instance\tattr",
            "1\talice\tNULL\tsip:alice@192.0.2.1:5060;pn-provider=apns;pn-param=ABCDE12345.com.example.phone.voip;"
                + "pn-prid=aa11:voip&bb22:remote\t2026-11-30 12:00:00\tPhone\\t\"1\"\t\"<urn:uuid:"
                + UUID
                + ">\"\tNULL",
            "2\tbob\texample.org\tsip:bob@192.0.2.2;pn-provider=fcm;pn-param=123;app-id=com.example.phone;pn-prid=cT%3A1"
                + "\t2026-11-30 12:00:00\tPhone\t<urn:uuid:x>\tNULL",
            "3\tcarol\tNULL\tsip:carol@192.0.2.3\t2026-11-30 12:00:00\tDesk\tNULL\tNULL");
    List<TokenFile.Row> rows = rows(file, null, "example.com");
    long noon =
        LocalDateTime.parse("2026-11-30T12:00:00")
            .atZone(ZoneId.systemDefault())
            .toInstant()
            .toEpochMilli();
    assertEquals("user-agent has control characters", rows.get(0).problem());
    assertEquals(
        new StoredToken("bob@example.org", ANDROID, "x", "cT:1", null, true, "Phone", noon, 0),
        rows.get(1).token());
    assertEquals("its contact has no push parameters", rows.get(2).problem());
  }

  @Test
  void anApplicationIsFoundByTheNameUnderWhichItIsConfigured() throws Exception {
    Path file =
        file(
            "username,domain,contact,sip_instance,last_modified",
            "alice,example.com,sip:alice@192.0.2.1;pn-provider=apns;pn-param=ABCDE12345.com.example.phone.voip;pn-prid=aa11:voip&bb22:remote,<urn:uuid:"
                + UUID
                + ">,1764504000");
    assertEquals(
        List.of(
            new StoredToken(
                "alice@example.com",
                APPLE,
                UUID,
                "aa11",
                "bb22",
                true,
                null,
                Instant.parse("2025-11-30T12:00:00Z").toEpochMilli(),
                0)),
        devices(rows(file)));
  }

  /** MySQL's date that is none, and that which OpenSIPS gives a row of which it knows none. */
  @ParameterizedTest
  @ValueSource(strings = {"0000-00-00 00:00:00", "0000-00-00", "1900-01-01 00:00:01", "NULL", ""})
  void aRegistrationWithoutADateIsOneOfAnUnknownTime(String date) throws Exception {
    Path file =
        file(
            "username,domain,contact,sip_instance,last_modified",
            "alice,example.com,sip:alice@192.0.2.1;pn-provider=fcm;pn-param=123;app-id=com.example.phone;pn-prid=t,x,"
                + date);
    assertEquals(
        List.of(new StoredToken("alice@example.com", ANDROID, "x", "t", null, true, null, 0, 0)),
        devices(rows(file)));
  }

  @Test
  void aFileOfAnotherKindIsRefused() throws Exception {
    assertEquals("it is empty", refusal(Files.createFile(directory.resolve("empty"))));
    assertTrue(refusal(file("ccollections", "defaultdict")).contains("protocol 0 or 1"));
    String refusal = refusal(file("Dear all,", "hello"));
    assertTrue(refusal.contains("say what it is with --format"), refusal);
    byte[] other = "no text".getBytes(StandardCharsets.UTF_16);
    assertTrue(refusal(Files.write(directory.resolve("other"), other)).contains("none of"));
  }
}
