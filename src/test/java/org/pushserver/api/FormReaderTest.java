// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.api;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FormReaderTest {
  private static final int LONGEST = 64 * 1024;

  private static RequestFields read(String form) {
    return FormReader.read(form.getBytes(UTF_8), "body", LONGEST);
  }

  private static RequestFields readBytes(String latin1) {
    return FormReader.read(latin1.getBytes(ISO_8859_1), "body", LONGEST);
  }

  private static RequestRefused refused(String latin1) {
    RequestRefused refusal = assertThrows(RequestRefused.class, () -> readBytes(latin1));
    assertEquals(400, refusal.status());
    return refusal;
  }

  private static String refusal(String latin1) {
    return refused(latin1).description();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "from=sip%3Aalice%40example.com | sip:alice@example.com",
        "from=sip:alice@example.com | sip:alice@example.com",
        "from=a+b%20c | 'a b c'",
        "from=a%2Bb%26c%3Dd%25e | a+b&c=d%e",
        "from=a=b | a=b",
        "from= | ''",
        "to=1&from | ''",
        "to=x&from=1 | 1",
        "&&to=x&&from=1&& | 1",
        "fr%6Fm=1 | 1",
        "from=Zo%C3%AB | Zoë",
        "from=Zo%c3%ab | Zoë",
        "from=Zoë \"Z\" O'Neil | Zoë \"Z\" O'Neil",
        "from=%F0%9F%93%9E | 📞",
        "' from=1\r\n' | 1",
      })
  void valuesAreDecoded(String form, String from) {
    assertEquals(from, read(form).text(Field.FROM));
  }

  @Test
  void namesHaveDashesOrUnderscores() {
    RequestFields fields = read("call_id=1&from-display_name=x&door_number=5");
    assertEquals("1", fields.text(Field.CALL_ID));
    assertEquals("x", fields.text(Field.FROM_DISPLAY_NAME));
    assertEquals(java.util.Map.of("door-number", "5"), fields.further());
    assertNull(fields.text(Field.TO));
    assertFalse(fields.has(Field.TO));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "from=a&from=b | Field 'from' is given twice",
        "call_id=a&call-id=b | Field 'call-id' is given twice",
        "x=&x= | Field 'x' is given twice",
        "x_y=1&x-y=2 | Field 'x-y' is given twice",
      })
  void aNameTwiceIsAnError(String form, String told) {
    assertEquals(told, refusal(form));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "from=50% | Field 'from' has a % without two hexadecimal digits behind it, at character 3",
        "token=%zz | Field 'token' has a % without two hexadecimal digits behind it, at character 1",
        "to=a%2&x=1 | Field 'to' has a % without two hexadecimal digits behind it, at character 2",
        "contact=%+1 | Field 'contact' has a % without two hexadecimal digits behind it, at character 1",
        "contact=x&ref=%u0041 | Field 'ref' has a % without two hexadecimal digits behind it, at character 1",
        "%=1 | A name has a % without two hexadecimal digits behind it, at character 1",
      })
  void anEscapeThatIsNoneIsToldWithItsField(String form, String told) {
    assertEquals(told, refusal(form));
  }

  @Test
  void aPercentSignInATextThatIsShownWasMeant() {
    assertEquals("100% Bob", read("from-display-name=100%+Bob").text(Field.FROM_DISPLAY_NAME));
    assertEquals("%", read("door=%&from=1").further().get("door"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"from-display-name=B%E4r", "from-display-name=B\u00e4r"})
  void whatIsNotUtf8IsReplacedAndRemembered(String form) {
    RequestFields fields = readBytes(form);
    assertEquals("B\ufffdr", fields.text(Field.FROM_DISPLAY_NAME));
    assertTrue(fields.isMended("B\ufffdr"));
    RequestFields real = read("from-display-name=\ufffd");
    assertFalse(real.isMended("\ufffd"));
  }

  @Test
  void aRefThatIsNotUtf8CouldNotBeToldAgain() {
    assertEquals("Field 'ref' has bytes that are not UTF-8", refusal("contact=x&ref=%ff"));
    assertEquals(
        "Field 'ref' must not contain control characters; there is U+000A at character 2",
        refusal("contact=x&ref=a%0Ab"));
    assertEquals(
        "Field 'ref' has 256 characters; at most 255 are allowed",
        refusal("contact=x&ref=" + "r".repeat(256)));
  }

  @Test
  void aNameThatIsNotUtf8IsNoName() {
    assertEquals("Field 'tok\ufffden' has bytes that are not UTF-8", refusal("tok\u00e4en=1"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"null", "5", "true", "hello world", "=1", "&=1", "app-id", "a&b=1", "----x\r\n"})
  void whatIsNoFormIsToldSo(String garbage) {
    assertEquals(
        "The body is neither a JSON object nor a form such as name=value&name=value",
        refusal(garbage));
  }

  @Test
  void namesAndTheirLengthsAreBounded() {
    String most =
        IntStream.range(0, FormReader.MOST_NAMES)
            .mapToObj(i -> "a" + i + "=")
            .collect(Collectors.joining("&"));
    assertFalse(read(most).has(Field.FROM));
    assertEquals("There are more than 256 names", refusal(most + "&b="));
    assertEquals(
        "A name has 257 characters; at most 256 are allowed", refusal("n".repeat(257) + "=1"));
    RequestRefused tooLong =
        assertThrows(
            RequestRefused.class, () -> FormReader.read("from=aaaaaa".getBytes(UTF_8), "body", 5));
    assertEquals("Field 'from' has 6 characters; at most 5 are allowed", tooLong.description());
  }

  @Test
  void contactsAndTheirRefsMayComeInAnyOrder() {
    List<NamedContact> refFirst =
        read("ref=u1&contact=%3Csip:a%3E&ref=u2&contact=%3Csip:b%3E").contacts();
    assertEquals(
        List.of(new NamedContact("<sip:a>", "u1"), new NamedContact("<sip:b>", "u2")), refFirst);
    assertEquals(refFirst, read("contact=<sip:a>&contact=<sip:b>&ref=u1&ref=u2").contacts());
    assertEquals(
        List.of(new NamedContact("a", ""), new NamedContact("b", "")),
        read("contact=a&contact=b").contacts());
    assertEquals(
        "There are 2 fields 'contact' and 1 fields 'ref'; give each contact its ref, or none",
        refusal("contact=a&ref=1&contact=b"));
  }

  @Test
  void aRequestWithATokenIsForThatAlone() {
    assertTrue(read("contact=a&from=1").isForContacts());
    assertFalse(read("contact=a&from=1&token=x").isForContacts());
    assertFalse(read("from=1").isForContacts());
  }

  @Test
  void aRefusalKnowsTheCallAndTheFormOfItsAnswer() {
    RequestRefused refusal = refused("answer=form&call-id=c1&from=%");
    assertEquals("c1", refusal.callId());
    assertTrue(refusal.isInForm());
    assertFalse(refused("call-id=c1&from=%").isInForm());
    assertTrue(read("answer=form&a=b").wantsForm());
    assertFalse(read("answer=json&a=b").wantsForm());
  }
}
