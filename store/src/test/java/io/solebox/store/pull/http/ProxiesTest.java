package io.solebox.store.pull.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.testkit.hub.FakeAnswer;
import io.solebox.testkit.hub.FakeServer;
import java.io.IOException;
import java.net.URI;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class ProxiesTest {
  private static final Map<String, String> VARIABLES =
      Map.of(
          "HTTPS_PROXY", "http://secure.proxy:3128",
          "http_proxy", "plain.proxy",
          "NO_PROXY", "inside.example, .lan,10.0.0.7,box:9000,192.168.4.0/22,fd00::/8");

  @ParameterizedTest
  @CsvSource({
    "https://huggingface.co/a, secure.proxy:3128",
    "http://hub.example:8000/a, plain.proxy:80",
    "https://inside.example/a,",
    "https://a.inside.example/a,",
    "https://notinside.example/a, secure.proxy:3128",
    "https://nas.lan/a,",
    "http://10.0.0.7:8080/a,",
    "http://box:9000/a,",
    "http://box:9001/a, plain.proxy:80",
    "http://192.168.7.255/a,",
    "http://192.168.8.0/a, plain.proxy:80",
    "http://[fd12::1]:8080/a,",
    "http://[fe80::1]/a, plain.proxy:80",
    "http://127.0.0.1:1/a,",
    "http://localhost/a,",
    "http://[::1]/a,",
  })
  void eachAddressHasItsWay(String uri, String proxy) {
    var found = Proxies.of(VARIABLES).forAddress(URI.create(uri));
    assertEquals(Optional.ofNullable(proxy), found.map(p -> p.host() + ":" + p.port()));
  }

  @Test
  void oneForAllStandsBackBehindOthersAndNothingIsNone() {
    var all = Proxies.of(Map.of("ALL_PROXY", "all:1", "https_proxy", "one:2"));
    assertEquals("all", all.forAddress(URI.create("http://any/")).orElseThrow().host());
    assertEquals("one", all.forAddress(URI.create("https://any/")).orElseThrow().host());
    assertEquals(Proxies.NONE, Proxies.of(Map.of("HTTP_PROXY", "set.by.a.header")));
    var none = Proxies.of(Map.of("ALL_PROXY", "all:1", "NO_PROXY", "*"));
    assertEquals(Optional.empty(), none.forAddress(URI.create("https://any/")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"socks5://host:1", "https://user:sesame@host:1", "http://", "http://a b"})
  void whatIsNoProxyIsRefusedWithoutShowingItWhereItIsNeeded(String text) {
    var proxies = Proxies.of(Map.of("https_proxy", text, "no_proxy", "inside"));
    assertEquals(Optional.empty(), proxies.forAddress(URI.create("https://inside/")));
    assertEquals(Optional.empty(), proxies.forAddress(URI.create("http://any/")));
    var refusal =
        assertThrows(SoleboxException.class, () -> proxies.forAddress(URI.create("https://any/")));
    assertEquals(ErrorCode.INVALID_PARAMETER, refusal.code());
    assertEquals("https_proxy", refusal.place());
    assertFalse(refusal.describe().contains("sesame"), refusal.describe());
  }

  @Test
  void theProxyIsAskedAndToldWhoAsks() throws IOException, InterruptedException {
    try (var proxy = new FakeServer(_ -> FakeAnswer.json(200, "{}"))) {
      String address = proxy.uri().toString().replace("//", "//me:s%20e@");
      var network = new Network.Open(Proxies.of(Map.of("all_proxy", address)));
      try (var outbound = new Outbound(network, Patience.USUAL)) {
        Ask ask = Ask.get(URI.create("http://model.example/x"));
        assertEquals(200, outbound.ask(ask, _ -> false, 100).head().status());
      }
      var request = proxy.requests().getFirst();
      assertEquals("http://model.example/x", request.target());
      assertEquals("Basic bWU6cyBl", request.header("proxy-authorization"));
    }
  }

  @Test
  void encryptedConnectionsGoThroughItAndOnlyItHearsTheSecret() throws InterruptedException {
    try (var proxy = new FakeServer(_ -> FakeAnswer.status(502))) {
      String address = proxy.uri().toString().replace("//", "//me:se@");
      var network = new Network.Open(Proxies.of(Map.of("HTTPS_PROXY", address)));
      try (var outbound = new Outbound(network, Patience.USUAL)) {
        Ask ask = Ask.get(URI.create("https://model.example/x"));
        assertThrows(IOException.class, () -> outbound.send(ask, _ -> Optional.empty()));
      }
      var request = proxy.requests().getFirst();
      assertEquals("CONNECT", request.method());
      assertTrue(request.target().startsWith("model.example:443"), request.target());
      assertEquals("Basic bWU6c2U=", request.header("proxy-authorization"));
    }
  }
}
