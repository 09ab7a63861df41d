package io.honker.orm.dialect;

import jakarta.persistence.AttributeConverter;
import jakarta.persistence.CascadeType;
import jakarta.persistence.CheckConstraint;
import jakarta.persistence.Column;
import jakarta.persistence.Convert;
import jakarta.persistence.Entity;
import jakarta.persistence.ForeignKey;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.GenerationType;
import jakarta.persistence.Id;
import jakarta.persistence.JoinColumn;
import jakarta.persistence.ManyToOne;
import jakarta.persistence.SecondaryTable;
import jakarta.persistence.Table;
import jakarta.persistence.UniqueConstraint;
import jakarta.persistence.Version;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.util.UUID;
import org.hibernate.annotations.CreationTimestamp;
import org.hibernate.annotations.JdbcTypeCode;
import org.hibernate.annotations.OnDelete;
import org.hibernate.annotations.OnDeleteAction;
import org.hibernate.annotations.SourceType;
import org.hibernate.annotations.TimeZoneStorage;
import org.hibernate.annotations.TimeZoneStorageType;
import org.hibernate.type.SqlTypes;

/** Entities for the dialect's tests. */
final class Shelf {

  private Shelf() {}

  @Entity(name = "Author")
  static class Author {
    @Id long id;

    @Column(nullable = false, unique = true)
    String name;

    Author() {}

    Author(long id, String name) {
      this.id = id;
      this.name = name;
    }
  }

  @Entity(name = "Book")
  @Table(
      comment = "what stands on a shelf",
      check = @CheckConstraint(name = "pages_positive", constraint = "pages > 0"),
      uniqueConstraints =
          @UniqueConstraint(
              name = "one_title",
              columnNames = {"author_id", "title"}))
  static class Book {
    @Id long id;

    @ManyToOne(cascade = CascadeType.PERSIST)
    @JoinColumn(foreignKey = @ForeignKey(name = "book_author"))
    Author author;

    String title;
    int pages = 1;

    Book() {}

    Book(long id, Author author, String title) {
      this.id = id;
      this.author = author;
      this.title = title;
    }
  }

  @Entity(name = "Note")
  static class Note {
    @Id
    @GeneratedValue(strategy = GenerationType.IDENTITY)
    Long id;

    @ManyToOne
    @OnDelete(action = OnDeleteAction.CASCADE)
    Book book;

    Note() {}

    Note(Book book) {
      this.book = book;
    }
  }

  @Entity(name = "Moment")
  static class Moment {
    @Id long id;
    Instant happened;
    LocalDateTime moment;
    LocalDate day;
    LocalTime clock;

    @TimeZoneStorage(TimeZoneStorageType.COLUMN)
    OffsetDateTime there;

    Moment() {}

    Moment(long id) {
      this.id = id;
    }
  }

  @Entity(name = "Old")
  static class Old {
    @Id long id;
    java.util.Date date;
    java.sql.Timestamp timestamp;
    java.sql.Date sqlDate;
    java.sql.Time sqlTime;
    java.util.Calendar calendar;
    java.time.ZonedDateTime zoned;
    java.time.OffsetTime offsetTime;
    java.time.Duration duration;
  }

  /** Stamped by the database. */
  @Entity(name = "Stamped")
  static class Stamped {
    @Id
    @GeneratedValue(strategy = GenerationType.IDENTITY)
    Long id;

    @CreationTimestamp(source = SourceType.DB)
    Instant instant;

    @CreationTimestamp(source = SourceType.DB)
    java.util.Date date;
  }

  @Entity(name = "Amount")
  static class Amount {
    @Id long id;

    @Column(precision = 12, scale = 2)
    BigDecimal price;

    BigDecimal exact;
    BigInteger whole;
    UUID uuid;

    Amount() {}

    Amount(long id) {
      this.id = id;
    }
  }

  /** Decimals of more digits than SQLite's numbers have. */
  @Entity(name = "Treasure")
  static class Treasure {
    @Id long id;

    @JdbcTypeCode(SqlTypes.VARCHAR)
    BigDecimal text;

    @Convert(converter = Cents.class)
    BigDecimal cents;

    Treasure() {}

    Treasure(long id) {
      this.id = id;
    }
  }

  static final class Cents implements AttributeConverter<BigDecimal, Long> {
    @Override
    public Long convertToDatabaseColumn(BigDecimal amount) {
      return amount == null ? null : amount.movePointRight(2).longValueExact();
    }

    @Override
    public BigDecimal convertToEntityAttribute(Long cents) {
      return cents == null ? null : BigDecimal.valueOf(cents, 2);
    }
  }

  @Entity(name = "Stock")
  static class Stock {
    @Id long id;
    String name;
    int quantity;

    Stock() {}

    Stock(long id, String name, int quantity) {
      this.id = id;
      this.name = name;
      this.quantity = quantity;
    }
  }

  @Entity(name = "Cup")
  @SecondaryTable(name = "Saucer")
  static class Cup {
    @Id long id;
    String name;

    @Column(table = "Saucer")
    String saucer;
  }

  @Entity(name = "Versioned")
  static class Versioned {
    @Id long id;
    String name;
    @Version int version;

    Versioned() {}

    Versioned(long id, String name, int version) {
      this.id = id;
      this.name = name;
      this.version = version;
    }
  }
}
