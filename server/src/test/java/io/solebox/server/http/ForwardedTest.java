package io.solebox.server.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.engine.error.SoleboxException;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import org.eclipse.jetty.http.HttpFields;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What proxies tell, and what clients would like them to have told. */
class ForwardedTest {
  private static final Proxies PROXIES = Proxies.of(List.of("10.0.0.1", "fd00:1::/32"));

  private static Optional<Forwarded> told(String headers) {
    HttpFields.Mutable fields = HttpFields.build();
    for (String line : headers.split("\\|")) {
      int colon = line.indexOf(':');
      fields.add(line.substring(0, colon).strip(), line.substring(colon + 1).strip());
    }
    return Forwarded.of(fields, PROXIES);
  }

  private static String text(Forwarded forwarded) {
    return forwarded.client().map(InetAddress::getHostAddress).orElse("-")
        + " "
        + forwarded.proto().orElse("-")
        + " "
        + forwarded.host().orElse("-");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '`',
      textBlock =
          """
          X-Forwarded-For: 1.2.3.4                                            ; 1.2.3.4 - -
          X-Forwarded-For: 6.6.6.6, 1.2.3.4                                   ; 1.2.3.4 - -
          X-Forwarded-For: 6.6.6.6 | X-Forwarded-For: 1.2.3.4                 ; 1.2.3.4 - -
          X-Forwarded-For: 6.6.6.6, 1.2.3.4, 10.0.0.1                         ; 1.2.3.4 - -
          X-Forwarded-For: 10.0.0.1                                           ; 10.0.0.1 - -
          X-Forwarded-For: 1.2.3.4:5555                                       ; 1.2.3.4 - -
          X-Forwarded-For: [2001:db8::7]:443                                  ; 2001:db8:0:0:0:0:0:7 - -
          X-Forwarded-For: 1.2.3.4, fd00:1::9                                 ; 1.2.3.4 - -
          X-Forwarded-For: unknown                                            ; - - -
          X-Forwarded-For: 6.6.6.6, <script>                                  ; - - -
          X-Forwarded-Proto: HTTPS | X-Forwarded-Host: a.example              ; - https a.example
          X-Forwarded-Proto: gopher                                           ; - - -
          X-Forwarded-For: 1.2.3.4, 10.0.0.1 | X-Forwarded-Proto: https, http ; 1.2.3.4 https -
          X-Forwarded-For: 6.6.6.6, 1.2.3.4 | X-Forwarded-Proto: https, http  ; 1.2.3.4 http -
          X-Forwarded-For: 1.2.3.4, 10.0.0.1 | X-Forwarded-Proto: https       ; 1.2.3.4 https -
          """)
  void byTheUsualHeaders(String headers, String expected) {
    assertEquals(expected, text(told(headers).orElseThrow()));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      quoteCharacter = '`',
      textBlock =
          """
          Forwarded: for=1.2.3.4;proto=https;host=a.example           ~ 1.2.3.4 https a.example
          Forwarded: For="[2001:db8::7]:443"; Proto=http              ~ 2001:db8:0:0:0:0:0:7 http -
          Forwarded: for=6.6.6.6;proto=https, for=1.2.3.4;proto=http  ~ 1.2.3.4 http -
          Forwarded: for=1.2.3.4;proto=https, for=10.0.0.1;proto=http ~ 1.2.3.4 https -
          Forwarded: for=_hidden                                      ~ - - -
          Forwarded: nonsense                                         ~ - - -
          """)
  void byTheStandard(String headers, String expected) {
    assertEquals(expected, text(told(headers).orElseThrow()));
  }

  @Test
  void twoThatDisagreeAreBelievedNeither() {
    assertTrue(told("X-Forwarded-For: 1.2.3.4|Forwarded: for=6.6.6.6").isEmpty());
    assertTrue(told("X-Forwarded-Proto: http|Forwarded: for=6.6.6.6;proto=https").isEmpty());
    assertTrue(told("X-Forwarded-For: 1.2.3.4|Forwarded: for=1.2.3.4;proto=https").isPresent());
  }

  @Test
  void networks() throws Exception {
    Proxies proxies =
        Proxies.of(List.of("192.168.1.0/24", "127.0.0.1", "::1", "fd00::/8", "0::/0"));
    assertTrue(proxies.trusts(InetAddress.ofLiteral("192.168.1.77")));
    assertFalse(proxies.trusts(InetAddress.ofLiteral("192.168.2.1")));
    assertFalse(proxies.trusts(InetAddress.ofLiteral("127.0.0.2")));
    assertTrue(proxies.trusts(InetAddress.ofLiteral("2001:db8::1")));
    assertTrue(Proxies.of(List.of("0.0.0.0/0")).trusts(InetAddress.ofLiteral("8.8.8.8")));
    assertFalse(Proxies.NONE.trusts(InetAddress.ofLiteral("127.0.0.1")));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "localhost", "10.0.0.1/33", "10.0.0.1/-1", "10.0.0.1/8/8", "::/129", "x/8"})
  void whatIsNoNetwork(String text) {
    assertThrows(SoleboxException.class, () -> Proxies.of(List.of(text)));
  }
}
