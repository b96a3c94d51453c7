// Package delivery delivers a new token: to a file, to a
// program, or to a secret in AWS Secrets Manager. Where it goes is a
// [rotation.Target]; the guided rotation of a group calls this package:
//
//	            generate     ROTATE: old and new work       SET: only the new works
//	               │            │                             │
//	(nothing) ── Check ──── Stage ── Deliver ── … wait … ─────┴── Finish
//	                            │        │          │                ▲
//	                            │        │          └────────────────┘ ended without SET
//	                            └────────┴── Revert (the delivery was given up)
//
// Finish is called at every end of a rotation that delivered: after SET, and also when
// it was cancelled or failed and both tokens stay accepted. Revert is for a delivery
// that did not come to its end, and removes by itself what Finish would.
//
// # Promises
//
//   - Every call can be repeated with the same [Change], after an error and after
//     a kill -9 at any point, and then ends as if it had run once. What was done is
//     read from the receiver itself; nothing is kept here.
//   - A call that returned nil has done its part durably.
//   - Stage never changes what a reader of the file or of AWSCURRENT gets.
//   - Revert puts back what Deliver replaced. Where there was nothing before, or it
//     is no longer available, it changes nothing and returns [ErrNothingBefore].
//     If something else than the change's token is in use, Revert leaves it alone.
//   - Finish forgets what only a later Revert would need: the kept copy, a label. It
//     changes nothing that is in use, whichever token that is, and may come again, or
//     without Deliver.
//   - Check, Revert and Finish need no token: the fingerprint tells what to look for.
//   - No token is in an argument list, an environment, an error or a log. Texts that
//     come from programs and servers are searched for the token and its usual
//     encodings first.
//   - Nothing outside of the directories and endpoints of [Options] is touched. By
//     default there are none: an API caller must not choose what runs as aikagi's user.
//
// Deliver, Revert and Finish for one target must not run side by side. If they do, no
// receiver gets a damaged token, but Revert may find nothing to put back. Check may
// run at any time. Calls for one file wait for each other (until their context ends) if
// they are of one process, also if different groups name the file, or name it
// differently.
//
// # A file
//
// The file holds the token's bytes and nothing else, not even a newline.
//
//	           write, sync     write, sync            rename, sync
//	NAME=old ─▶ .previous=old ─▶ .next=new, NAME=old ─▶ NAME=new ── Finish ─▶ .previous gone
//	   ▲                                                   │
//	   └── .next, .previous gone ◀── .next=old, renamed ───┘ Revert
//
// The copy (.NAME.aikagi-previous) is only there between Deliver and Finish or Revert:
// nothing else on the machine knows the old token. A copy that holds the change's own
// token is of a later delivery, and stays for that. All temporary files have mode
// 0600 from their first moment and fixed names, so whatever a crash leaves is
// removed by the next call. Check tries with a file of its own (.NAME.aikagi-trial),
// which is never renamed. What was renamed is read back before Deliver and Revert
// report success.
//
// The file keeps its owner and group. Its mode is 0600, and 0640 if the group could
// read it before; others never can. If the owner cannot be kept, or the server could
// not read the file any more, that is an error: the reader would be locked out, or
// nothing could be reverted.
//
// A target that is a symbolic link is refused, since a rename would replace the
// link and not what it points to. Directories on the way may be links as long as
// they end below an allowed one. The parent directory must exist.
//
// Stage only does what Check does: a token on disk that nobody uses is one too many.
//
// # A program
//
// It is run directly, without a shell, with AIKAGI_VERB one of stage, deliver,
// revert and finish, and AIKAGI_ROTATION_ID, AIKAGI_GROUP, AIKAGI_FINGERPRINT and
// AIKAGI_ENDPOINT (host:port of the group's primary endpoint, empty if there is none);
// besides it gets PATH, LANG and HOME only. With stage and deliver the token is a line
// on stdin; otherwise stdin is empty. Its time limit ends its process group; it also
// ends if aikagi is killed (on Linux).
//
//	verb      exit code 0 means                    when
//	stage     prepared, or nothing to prepare      both tokens work; perhaps again
//	deliver   the token is in use                  both tokens work; perhaps again
//	revert    the former one is in use again, or   a delivery was given up, which may have
//	          there was nothing to do              failed, or never have begun; perhaps again
//	finish    forgotten, or nothing to forget      at every end of a rotation that delivered,
//	                                               set or not; perhaps again
//
// It must exit 0 for verbs that it has no use for, and with another code if it could
// not do its part: stage and deliver are tried again then, for as long as a delivery
// may take; that revert or finish failed is logged. Its exit code is believed, and
// nothing but that is known of what it did: 0 for revert does not say whether there
// was a former token. So the service keeps the new token accepted once a delivery was begun,
// whatever revert returned. At finish the program must not take either token out of
// use: the old one may still be accepted, and the new one is. AIKAGI_FINGERPRINT says
// which token is meant; if another one is in use, revert and finish leave that alone.
//
// A program that ignores the verb puts the token into use at stage already, so Stage
// comes after ROTATE.
//
// The program must lie below an allowed directory after symbolic links are
// resolved, and neither it nor its directory may be writable by everybody.
//
// # Secrets Manager
//
// N is the new version. Its id is a function of the rotation and of the version C
// that was current, so that a repetition finds it, and a secret that somebody
// changes in between gets a version made of the changed one.
//
//	            C              N
//	before      AWSCURRENT     -
//	Stage       AWSCURRENT     AWSPENDING               PutSecretValue
//	Deliver     AWSPREVIOUS    AWSCURRENT, AWSPENDING   UpdateSecretVersionStage C → N
//	            AWSPREVIOUS    AWSCURRENT               AWSPENDING removed
//	Revert      AWSCURRENT     AWSPREVIOUS              UpdateSecretVersionStage N → C
//	Finish      as it is       as it is                 AWSPENDING removed, if Deliver did not
//
// Moving AWSCURRENT names the version that it is taken from, so that it fails
// (and is tried anew) instead of undoing what somebody else did meanwhile. With a
// key, the secret is a JSON object of which that one member is replaced; all other
// bytes stay. The first version of a secret without any becomes current at once
// (PutSecretValue), so it is written by Deliver and not by Stage. A secret that was
// created stays, whatever becomes of the rotation: no right to delete is asked for.
//
// An endpoint other than AWS's own gets the token and signed requests, so it must
// be allowed, as directories must.
//
// Needed permissions: secretsmanager:DescribeSecret, GetSecretValue,
// PutSecretValue, UpdateSecretVersionStage; with create=true CreateSecret, too.
package delivery
