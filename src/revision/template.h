// Writing a new revision: its text from a template, and the name of its file.
//
// It never touches a file; base/file.h writes what comes out of here. Whatever a message holds, it
// stays a comment.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "base/zone_time.h"
#include "revision/revision.h"

namespace limbeck {

// What a revision does, as it is to stand in the file: SQL, with further section markers where it
// needs them.
struct RevisionBody {
  std::string upgrade = {};
  std::string downgrade = {};
};

// The template of a project that has none of its own.
extern const std::string_view default_revision_template;

// That of every squash: the body brings its own section markers.
extern const std::string_view squashed_revision_template;

// The template with its placeholders filled: ${message} ${description} ${revision} ${revises}
// ${labels} ${depends_on}
// ${created} ${squashed} ${squashed_hash}, and ${upgrade} ${downgrade} for the body. A line whose
// placeholders are all empty is left out. ${description} (the message when there is none) goes on
// in further lines that begin as its own does, when that is a comment; everywhere else line ends
// and control characters become blanks. A text that would read as a marker has a ">" put before it.
// Throws Error: ExitCode::usage for an id or label that cannot be one; ExitCode::invalid_project
// for a placeholder that is not known, with its line and column in the template.
std::string render_revision(std::string_view template_text, const Revision& revision,
                            const RevisionBody& body = {});

// The name of a revision's file, its extension included, from Alembic's tokens: %(rev)s %(slug)s
// %(epoch)d
// %(year)d %(month).2d %(day).2d
// %(hour).2d %(minute).2d %(second).2d, and %% for a percent sign. It may lead into a folder below
// ("%(year)d/%(rev)s"), never out of the folder. slug_length: in characters, before the "_" that
// follows a slug that was cut; an empty one is left out with the _ or - before it, but of a script,
// which Alembic would name so. time: in the project's zone. place: of the template, for errors;
// without a file where nobody has said it. Throws Error (ExitCode::invalid_project) for a token
// that is not known or a name that leads out of the folder.
std::string revision_file_name(std::string_view file_template, const Revision& revision,
                               std::size_t slug_length, const ZoneTime& time,
                               std::string_view extension = ".sql", const Place& place = {});

// "Add the E-mail column!" -> "add_the_e_mail_column". Words of letters, digits and _ in lower case
// (of ASCII letters alone), joined by _. What is longer is cut, back to the last _ which is kept.
std::string slug(std::string_view message, std::size_t length);

}  // namespace limbeck
