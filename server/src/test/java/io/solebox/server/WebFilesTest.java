package io.solebox.server;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.server.web.WebPage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Pages' files: packed, kept by browsers for good, of one version. */
class WebFilesTest {
  private static final Pattern FILE = Pattern.compile("\"(/ui/[^/\"]+/)([^\"]+)\"");

  private static TestServer server;
  private static String base;

  @BeforeAll
  static void start() throws IOException {
    server = new TestServer();
    Matcher found = FILE.matcher(server.get("/").text());
    assertTrue(found.find());
    base = found.group(1);
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/",
        "/c/chat_1",
        "/compare",
        "/knowledge/vs_1",
        "/s/share_1",
        "/setup",
        "/signin",
        "/desk"
      })
  void pagesHaveTheirFiles(String page) throws IOException {
    String html = server.get(page).text();
    assertFalse(html.contains("{{"), html);
    assertFalse(html.contains("<script>") || html.contains("style=\""), html);
    Matcher files = FILE.matcher(html);
    int found = 0;
    while (files.find()) {
      RawClient.Answer file = server.get(files.group(1) + files.group(2));
      assertEquals(200, file.status(), files.group());
      assertEquals("public, max-age=31536000, immutable", file.header("Cache-Control"));
      found++;
    }
    assertTrue(found > 0, html);
  }

  @Test
  void scriptsComeWithoutWhatIsSaidToReaders() throws IOException {
    String source;
    try (var in = WebPage.class.getResourceAsStream("chat/text/blocks.js")) {
      source = new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
    String served = server.get(base + "chat/text/blocks.js").text();
    assertEquals(source.lines().count(), served.lines().count());
    assertTrue(source.contains("\n * @param") && !served.contains("\n * @param"));
    assertTrue(served.contains("/** @type {HTMLOListElement} */ (list).start"));
    assertTrue(served.lines().noneMatch(line -> line.strip().startsWith("//")));
  }

  @ParameterizedTest
  @CsvSource({
    "lib/lit-html/lit-html.js, text/javascript; charset=utf-8",
    "lib/lit-html/directives/repeat.js, text/javascript; charset=utf-8",
    "lib/marked/marked.esm.js, text/javascript; charset=utf-8",
    "lib/highlightjs/highlight.min.js, text/javascript; charset=utf-8",
    "lib/katex/katex.min.js, text/javascript; charset=utf-8",
    "lib/katex/katex.min.css, text/css; charset=utf-8",
    "lib/katex/fonts/KaTeX_Main-Regular.woff2, font/woff2",
    "lib/uplot/uPlot.iife.min.js, text/javascript; charset=utf-8",
    "lib/mermaid/mermaid.min.js, text/javascript; charset=utf-8",
    "lib/pdfjs/pdf.worker.min.mjs, text/javascript; charset=utf-8",
    "icons.svg, image/svg+xml; charset=utf-8"
  })
  void librariesAreThere(String name, String type) throws IOException {
    RawClient.Answer file = server.get(base + name);
    assertEquals(200, file.status());
    assertEquals(type, file.header("Content-Type"));
  }

  @Test
  void theyArePackedForThoseWhoTakeIt() throws IOException {
    String name = base + "lib/marked/marked.esm.js";
    RawClient.Answer plain = server.get(name);
    assertNull(plain.header("Content-Encoding"));
    for (String takes : List.of("gzip", "br, gzip;q=0.5", "*", "identity, GZIP")) {
      RawClient.Answer packed = server.get(name, "Accept-Encoding: " + takes);
      assertEquals("gzip", packed.header("Content-Encoding"), takes);
      assertEquals("Accept-Encoding", packed.header("Vary"));
      try (var in = new GZIPInputStream(new ByteArrayInputStream(packed.body()))) {
        assertArrayEquals(plain.body(), in.readAllBytes());
      }
    }
    for (String takes : List.of("br", "gzip;q=0", "gzip; q=0.00, *", "*;q=0")) {
      assertNull(server.get(name, "Accept-Encoding: " + takes).header("Content-Encoding"), takes);
    }
  }

  @Test
  void iconsAreSymbolsOfOnePicture() throws IOException {
    String icons = server.get(base + "icons.svg").text();
    assertTrue(icons.contains("<symbol id=\"send\" viewBox=\"0 0 24 24\"><path d="), icons);
    assertFalse(icons.contains("class="), icons);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "nothing.js",
        "lib",
        "lib/",
        "../index.html",
        "WebFiles.class",
        "..%2fServerConfig.class",
        "lib/..%2findex.html"
      })
  void nothingElseIs(String name) throws IOException {
    RawClient.Answer answer = server.get(base + name);
    assertTrue(answer.status() == 404 || answer.status() == 400, answer.text());
  }

  @Test
  void thoseOfAnotherVersionAreNotMixedIn() throws IOException {
    RawClient.Answer answer = server.get("/ui/0123456789abcdef/icons.svg");
    assertEquals(404, answer.status());
    assertEquals("page_outdated", answer.at("error.code"));
  }

  @Test
  void theIconIsAskedForAgain() throws IOException {
    RawClient.Answer icon = server.get("/favicon.ico");
    assertEquals("image/svg+xml; charset=utf-8", icon.header("Content-Type"));
    assertEquals("no-cache", icon.header("Cache-Control"));
  }

  @Test
  void diagramsAreDrawnWithoutAnOrigin() throws IOException {
    RawClient.Answer frame = server.get("/frame/diagram");
    String policy = frame.header("Content-Security-Policy");
    assertTrue(policy.startsWith("sandbox allow-scripts; default-src 'none';"), policy);
    assertTrue(
        policy.contains("script-src http://127.0.0.1:" + server.server.port() + "/ui/;"), policy);
    assertTrue(policy.contains("frame-ancestors 'self'"), policy);
    assertEquals("SAMEORIGIN", frame.header("X-Frame-Options"));
    Matcher script = FILE.matcher(frame.text());
    assertTrue(script.find());
    String name = script.group(1) + script.group(2);
    String[] fetch = {"Origin: null", "Sec-Fetch-Site: cross-site", "Sec-Fetch-Mode: no-cors"};
    RawClient.Answer fetched = server.get(name, fetch);
    assertEquals(200, fetched.status());
    assertEquals("cross-origin", fetched.header("Cross-Origin-Resource-Policy"));
    assertNull(fetched.header("Access-Control-Allow-Origin"));
    assertEquals(403, server.get("/v1/models", fetch).status());
    assertEquals(403, server.get(name, "Origin: null", "Sec-Fetch-Mode: cors").status());
  }
}
