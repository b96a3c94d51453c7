// Package token has AUTH tokens, and the credentials that a group accepts.
//
// A [Set] is the ordered set of at most two credentials, in which "no credential" counts as one. It holds digests and
// times, never a token. ROTATE and SET are pure functions from a set to the next:
//
//	           {NONE}        {NONE,T1}    {T1}         {T1,T2}       {}
//	ROTATE T   {NONE,T}      {T1,T}       {T1,T}       {T2,T}        {T}
//	SET T      no token to   {T1} if T    it is so     {T2} if T is  no token to
//	           SET           is T1        already      T2            SET
//
// The empty set is that of a group whose clients log in as users: it is left, with a token, when there are to be tokens again ([Set.Update]).
//
// A [Token] is in the clear. It lives in memory only, and prints as *** in every format.
package token
