// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FieldReaderTest {
  private static final List<String> ALLOWED =
      List.of("audio", "video", "image", "chat", "sms", "file-transfer");

  private static String mediaType(String text, boolean required) {
    byte[] body = SampleRequest.apple().withText("media-type", text).bytes();
    return new FieldReader(JsonReader.read(body, SampleRequest.JSON)).mediaType(ALLOWED, required);
  }

  @ParameterizedTest
  @ValueSource(strings = {"audio", "video", "image", "chat", "sms", "file-transfer"})
  void theKnownMediaTypesStay(String text) {
    assertEquals(text, mediaType(text, true));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "audio, video | video",
        "video,audio | video",
        "chat, audio | audio",
        "bogus, audio | audio",
        "chat, image | chat",
        "chat, bogus | chat",
        "Audio | audio",
        "' audio , ' | audio",
      })
  void aListOfMediaTypesBecomesOne(String text, String mediaType) {
    assertEquals(mediaType, mediaType(text, true));
  }

  @ParameterizedTest
  @ValueSource(strings = {"bogus", "bogus, chat", ",", " ", "audiovideo"})
  void whatIsNoMediaTypeIsRefusedWhereOneIsNeeded(String text) {
    RequestRefused refusal = assertThrows(RequestRefused.class, () -> mediaType(text, true));
    assertEquals(
        "Field 'media-type' must be one of audio, video, image, chat, sms, file-transfer, or a list"
            + " of them, not '"
            + text
            + "'",
        refusal.description());
    assertNull(mediaType(text, false));
  }
}
