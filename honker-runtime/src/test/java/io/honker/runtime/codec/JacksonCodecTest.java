package io.honker.runtime.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.honker.codec.Json;
import io.honker.codec.TypeRef;
import io.honker.error.PayloadException;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

/** Holds the stored form of payloads still, whatever a Jackson upgrade changes by default. */
class JacksonCodecTest {

  private static final String GOLDEN = "everything.json";

  private final JacksonCodec codec = new JacksonCodec();

  /** What the module of an application does with {@code opens} for its payload types. */
  @BeforeAll
  static void openPayloadsToJackson() {
    JacksonCodecTest.class
        .getModule()
        .addOpens(JacksonCodecTest.class.getPackageName(), JsonMapper.class.getModule());
  }

  enum Size {
    SMALL,
    EXTRA_LARGE;

    @Override
    public String toString() {
      return "size " + ordinal();
    }
  }

  record Line(String item, int count, BigDecimal price) {}

  record Everything(
      String text,
      boolean yes,
      int number,
      long big,
      double real,
      BigDecimal exact,
      Size size,
      Instant instant,
      LocalDate date,
      LocalTime time,
      LocalDateTime dateTime,
      OffsetDateTime offsetDateTime,
      Duration duration,
      UUID uuid,
      Optional<String> present,
      Optional<String> absent,
      String nothing,
      byte[] bytes,
      List<Line> lines,
      List<List<Integer>> nested,
      Map<String, Size> sizes) {}

  private static Everything everything() {
    return new Everything(
        "caf\u00e9 \u2615 \ud83d\ude00 \"quoted\" \\ \n </script>",
        true,
        -7,
        9_007_199_254_740_993L,
        0.1,
        new BigDecimal("12345678901234567890.1230"),
        Size.EXTRA_LARGE,
        Instant.parse("2026-11-21T01:02:03.000456Z"),
        LocalDate.of(2026, 2, 28),
        LocalTime.of(23, 59),
        LocalDateTime.of(2026, 3, 29, 2, 30, 1),
        OffsetDateTime.of(2026, 11, 21, 1, 2, 3, 0, ZoneOffset.ofHours(-5)),
        Duration.ofSeconds(90, 500_000_000),
        UUID.fromString("123e4567-e89b-12d3-a456-426614174000"),
        Optional.of("here"),
        Optional.empty(),
        null,
        new byte[] {0, 1, (byte) 0xff},
        List.of(
            new Line("tea", 2, new BigDecimal("9.90")), new Line("milk", 1, new BigDecimal("1"))),
        List.of(List.of(1, 2), List.of(), List.of(3)),
        sizes());
  }

  private static Map<String, Size> sizes() {
    Map<String, Size> inOrder = new LinkedHashMap<>();
    inOrder.put("b", Size.SMALL);
    inOrder.put("a", Size.EXTRA_LARGE);
    return inOrder;
  }

  private static String golden() throws IOException {
    try (InputStream bytes = JacksonCodecTest.class.getResourceAsStream(GOLDEN)) {
      return new String(bytes.readAllBytes(), StandardCharsets.UTF_8).strip();
    }
  }

  private <T> T decode(String json, TypeRef<T> type) {
    @SuppressWarnings("unchecked")
    T value = (T) codec.decode(json, type.type());
    return value;
  }

  private <T> T decode(String json, Class<T> type) {
    return decode(json, TypeRef.of(type));
  }

  // ---- the stored form

  @Test
  void encode_ofEverything_writesTheGoldenDocument() throws IOException {
    assertThat(codec.encode(everything())).isEqualTo(golden());
  }

  @Test
  void decode_ofTheGoldenDocument_givesEverythingBack() throws IOException {
    assertThat(decode(golden(), Everything.class))
        .usingRecursiveComparison()
        .isEqualTo(everything());
  }

  @Test
  void encode_ofEnum_writesItsName() {
    assertThat(codec.encode(Size.EXTRA_LARGE)).isEqualTo("\"EXTRA_LARGE\"");
    assertThat(decode("\"SMALL\"", Size.class)).isEqualTo(Size.SMALL);
  }

  @ParameterizedTest
  @ValueSource(strings = {"\"size 1\"", "1", "\"1\"", "\"small\"", "\"\""})
  void decode_ofEnumByAnythingButItsName_isRefused(String json) {
    assertThatThrownBy(() -> decode(json, Size.class)).isInstanceOf(PayloadException.class);
  }

  /** A plain old bean, whose properties have no order of their own. */
  public static final class Bean {
    public int getZ() {
      return 26;
    }

    public int getA() {
      return 1;
    }

    public boolean isM() {
      return true;
    }
  }

  @Test
  void encode_ofBean_sortsItsProperties() {
    assertThat(codec.encode(new Bean())).isEqualTo("{\"a\":1,\"m\":true,\"z\":26}");
  }

  @Test
  void encode_ofNull_writesNull() {
    assertThat(codec.encode(null)).isEqualTo("null");
    assertThat(decode("null", Everything.class)).isNull();
  }

  @Test
  void encode_ofScalars_writesPlainJson() {
    assertThat(codec.encode("tea")).isEqualTo("\"tea\"");
    assertThat(codec.encode(7)).isEqualTo("7");
    assertThat(codec.encode(Instant.EPOCH)).isEqualTo("\"1970-01-01T00:00:00Z\"");
    assertThat(codec.encode(Duration.ofMinutes(5))).isEqualTo("\"PT5M\"");
    assertThat(codec.encode(Optional.of("tea"))).isEqualTo("\"tea\"");
  }

  @Test
  void decode_ofOffsetDateTime_keepsItsOffset() {
    OffsetDateTime moment = OffsetDateTime.parse("2026-11-21T01:02:03+05:30");

    assertThat(decode(codec.encode(moment), OffsetDateTime.class)).isEqualTo(moment);
    assertThat(decode(codec.encode(moment), OffsetDateTime.class).getOffset())
        .isEqualTo(ZoneOffset.ofHoursMinutes(5, 30));
  }

  @Test
  void decode_ofGenericType_keepsItsElements() {
    List<Map<String, Line>> lines = List.of(Map.of("first", new Line("tea", 1, BigDecimal.TEN)));

    assertThat(decode(codec.encode(lines), new TypeRef<List<Map<String, Line>>>() {}))
        .isEqualTo(lines);
  }

  // ---- what other writers do

  @Test
  void decode_withUnknownProperties_ignoresThem() {
    assertThat(
            decode(
                "{\"item\":\"tea\",\"new\":{\"deep\":[1]},\"count\":2,\"price\":1.5}", Line.class))
        .isEqualTo(new Line("tea", 2, new BigDecimal("1.5")));
  }

  @Test
  void decode_withSpacesAndEscapes_readsPythonsForm() {
    assertThat(decode("{\"item\": \"caf\\u00e9\", \"count\": 2, \"price\": 0.10}", Line.class))
        .isEqualTo(new Line("caf\u00e9", 2, new BigDecimal("0.10")));
  }

  @Test
  void decode_withClassProperty_isPlainData() {
    String json = "{\"@class\":\"javax.naming.InitialContext\",\"item\":\"tea\",\"count\":1}";

    assertThat(decode(json, Line.class)).isEqualTo(new Line("tea", 1, null));
    assertThat(decode(json, new TypeRef<Map<String, Object>>() {}))
        .containsEntry("@class", "javax.naming.InitialContext");
    assertThat(decode("[\"java.util.Date\",0]", Object.class))
        .isEqualTo(List.of("java.util.Date", 0));
  }

  // ---- what is refused

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"item\":\"hunter2\",\"count\":1} {}",
        "{\"item\":\"hunter2\",\"count\":1}]",
        "{\"item\":\"hunter2\",\"count\":\"hunter2\"}",
        "{\"item\":\"hunter2\",\"count\":null}",
        "{\"item\":\"hunter2\"",
        "\"hunter2\"",
        "[\"hunter2\"]",
        "hunter2",
        ""
      })
  void decode_ofWhatDoesNotFit_namesTheTypeAndNotTheContent(String json) {
    assertThatThrownBy(() -> decode(json, Line.class))
        .isInstanceOfSatisfying(
            PayloadException.class, e -> assertThat(e.code()).isEqualTo("HNK-PAYLOAD-UNREADABLE"))
        .hasMessageContaining(Line.class.getName())
        .hasMessageNotContaining("hunter2");
  }

  @Test
  void decode_ofDeepNesting_isRefusedWithoutExhaustingTheStack() {
    String deep = "[".repeat(100_000) + "]".repeat(100_000);

    assertThatThrownBy(() -> decode(deep, Object.class)).isInstanceOf(PayloadException.class);
  }

  record Loop(Object[] self) {}

  @Test
  void encode_ofCycle_isRefused() {
    Object[] self = new Object[1];
    Loop loop = new Loop(self);
    self[0] = loop;

    assertThatThrownBy(() -> codec.encode(loop))
        .isInstanceOfSatisfying(
            PayloadException.class, e -> assertThat(e.code()).isEqualTo("HNK-PAYLOAD-UNWRITABLE"))
        .hasMessageContaining(Loop.class.getName());
  }

  record Throwing(String given) {
    public String getBad() {
      throw new IllegalStateException("hunter2");
    }
  }

  @Test
  void encode_whenPropertyThrows_namesTheTypeOnly() {
    assertThatThrownBy(() -> codec.encode(new Throwing("x")))
        .isInstanceOf(PayloadException.class)
        .hasMessageContaining(Throwing.class.getName())
        .hasMessageNotContaining("hunter2");
  }

  // ---- raw documents

  @ParameterizedTest
  @ValueSource(strings = {"{ \"a\" : 1 }", "not json at all", "", "null"})
  void json_passesThroughUntouched(String text) {
    assertThat(codec.encode(Json.of(text))).isSameAs(text);
    assertThat(decode(text, Json.class)).isEqualTo(Json.of(text));
  }
}
